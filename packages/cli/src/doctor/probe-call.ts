/**
 * Run by `agentel doctor --verify` in a process of its own, in the folder of one copy of a model SDK, with the user's
 * environment: makes one call of a model that is a server of this process, and prints what came of it. What the set-up
 * exports goes where it is told to go.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startAgentel } from '@agentel/sdk'
import type { ProbedCall, ProbedSpan } from './check-call.ts'

const spans: ProbedSpan[] = []
// Before the model SDK is loaded, as --import would.
const agentel = startAgentel({
  hostMetrics: { enabled: false },
  enrichers: [
    {
      name: 'doctor',
      onEnd: (span) => {
        const { name, attributes } = span
        spans.push({ name, attributes, traceId: span.spanContext().traceId })
      },
    },
  ],
})

/** What the pretended model answers, by path. */
const ANSWERS: Readonly<Record<string, object>> = {
  '/v1/chat/completions': {
    id: 'chatcmpl-doctor',
    object: 'chat.completion',
    created: 0,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Well.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 2, total_tokens: 14 },
  },
  '/v1/messages': {
    id: 'msg_doctor',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content: [{ type: 'text', text: 'Well.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: 2 },
  },
}

interface AnyClient {
  chat: { completions: { create(body: object): Promise<unknown> } }
  messages: { create(body: object): Promise<unknown> }
}
type Sdk = Record<string, new (options: object) => AnyClient>

const messages = [{ role: 'user', content: 'How are you?' }]
const CALLS: Readonly<Record<string, (sdk: Sdk, url: string) => Promise<unknown>>> = {
  openai: ({ OpenAI }, url) =>
    new OpenAI!({ apiKey: 'doctor', baseURL: `${url}/v1`, maxRetries: 0 }).chat.completions.create({
      model: 'gpt-4o-mini',
      messages,
    }),
  '@anthropic-ai/sdk': ({ Anthropic }, url) =>
    new Anthropic!({ apiKey: 'doctor', baseURL: url, maxRetries: 0 }).messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 10,
      messages,
    }),
}

async function main(name: string): Promise<void> {
  const server = createServer((request, response) => {
    const answer = ANSWERS[new URL(request.url ?? '/', 'http://localhost').pathname]
    request.resume()
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const inside = pathToFileURL(join(process.cwd(), 'package.json')).href
  const sdk = (await import(import.meta.resolve(name, inside))) as Sdk
  await CALLS[name]!(sdk, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await agentel.forceFlush()
  const probed: ProbedCall = { mode: agentel.mode, spans, exports: agentel.exports() }
  process.stdout.write(`\n${JSON.stringify(probed)}`)
  server.closeAllConnections()
  server.close()
  await agentel.shutdown()
}
void main(process.argv[2] ?? '')
