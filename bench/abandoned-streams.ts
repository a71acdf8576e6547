/**
 * Does observing leak? 100,000 calls of the real openai client, half of them streams that are left half-read (broken out
 * of, or simply dropped), with all spans on. Spans that are still open and the heap are looked at every 10,000 calls.
 *
 *   node --conditions=@agentel/source --expose-gc bench/abandoned-streams.ts [calls] [--bare]
 *
 * Writes bench/results/abandoned-streams.json (`--bare`, without us, only prints: what the client itself keeps).
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { faultCounts } from '../packages/api/src/index.ts'
import { OpenAIInstrumentation } from '../packages/instrumentations/openai/src/index.ts'

// bench has no dependencies of its own: these are the instrumentation's.
const require = createRequire(new URL('../packages/instrumentations/openai/package.json', import.meta.url))
type Openai = typeof import('../packages/instrumentations/openai/node_modules/openai/index.js')
type Api = typeof import('../packages/instrumentations/openai/node_modules/@opentelemetry/api/dist/index.cjs')
type Sdk = typeof import('../packages/instrumentations/openai/node_modules/@opentelemetry/sdk-trace/dist/index.cjs')
const { trace } = require('@opentelemetry/api') as Api
const { TracerProvider } = require('@opentelemetry/sdk-trace') as Sdk
const sdk = require('openai') as Openai

const calls = Number(process.argv[2] ?? 100_000)
const bare = process.argv.includes('--bare')
const AT_ONCE = 50
const SAMPLES = 10

const encoder = new TextEncoder()
const chunk = (content: string | null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, delta: content === null ? {} : { content }, finish_reason: content === null ? 'stop' : null }],
})
const streamed = ['one', ' two', ' three', ' four', null].map((text) =>
  encoder.encode(`data: ${JSON.stringify(chunk(text))}\n\n`),
)
const whole = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: 'one' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
})

/** The model's answer without a network: sockets would be most of what is measured. */
async function answer(_url: unknown, init?: { body?: unknown }): Promise<Response> {
  if (!String(init?.body).includes('"stream":true')) {
    return new Response(whole, { headers: { 'content-type': 'application/json' } })
  }
  let next = 0
  const body = new ReadableStream({
    pull: (controller) => (next < streamed.length ? controller.enqueue(streamed[next++]) : controller.close()),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

let started = 0
let ended = 0
const counting = {
  onStart: () => void started++,
  onEnd: () => void ended++,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [counting] }))
if (!bare) new OpenAIInstrumentation({ enabled: false }).manuallyInstrument(sdk)

const client = new sdk.OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch: answer, maxRetries: 0 })
const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'count' }] }

async function call(index: number): Promise<void> {
  if (index % 2 === 0) return void (await client.chat.completions.create(request))
  const stream = await client.chat.completions.create({ ...request, stream: true })
  if (index % 4 === 1) {
    for await (const _chunk of stream) break
    return
  }
  // The reader walks away without a word.
  await stream[Symbol.asyncIterator]().next()
}

async function settle(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed / 1024 / 1024
}

const samples: { calls: number; openSpans: number; heapMiB: number }[] = []
for (let done = 0; done < calls;) {
  const until = Math.min(calls, done + calls / SAMPLES)
  while (done < until) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, until - done) }, (_, offset) => call(done + offset)))
    done = Math.min(until, done + AT_ONCE)
  }
  const heapMiB = Number((await settle()).toFixed(2))
  samples.push({ calls: done, openSpans: started - ended, heapMiB })
  console.log(samples.at(-1))
}
// The first sample still holds what is compiled and cached once.
const growth = samples.at(-1)!.heapMiB - samples[1]!.heapMiB
const result = {
  date: new Date().toISOString(),
  node: process.version,
  calls,
  spans: started,
  heapGrowthMiB: Number(growth.toFixed(2)),
  faults: faultCounts(),
  samples,
}
if (!bare)
  writeFileSync(new URL('results/abandoned-streams.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
const leaks = (!bare && started !== calls) || started !== ended || growth > 1
console.log(leaks ? 'LEAKS' : 'flat', { heapGrowthMiB: result.heapGrowthMiB, spans: started, open: started - ended })
process.exitCode = leaks ? 1 : 0
