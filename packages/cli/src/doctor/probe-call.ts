/**
 * Run by `agentel doctor --verify` in a process of its own, in the folder of one copy of a model SDK, with the user's
 * environment: makes one call of a model that is pretended by this process, and prints what came of it. What the set-up
 * exports goes where it is told to go.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startAgentel } from '@agentel/sdk'
import type { ProbedCall, ProbedSpan } from './check-call.ts'
import { ANSWERS, PROBED_CALLS } from './probed-calls.ts'

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

async function main(name: string): Promise<void> {
  const server = createServer((request, response) => {
    const answer = ANSWERS[new URL(request.url ?? '/', 'http://localhost').pathname]
    request.resume()
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const manifest = join(process.cwd(), 'package.json')
  const inside = pathToFileURL(manifest).href
  await PROBED_CALLS[name]!({
    load: (module) => import(import.meta.resolve(module, inside)) as Promise<Record<string, unknown>>,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    major: Number.parseInt((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version),
  })
  await agentel.forceFlush()
  const probed: ProbedCall = { mode: agentel.mode, spans, exports: agentel.exports() }
  server.closeAllConnections()
  server.close()
  await agentel.shutdown()
  // What was loaded may keep the process: a timer, a connection, a watcher.
  process.stdout.write(`\n${JSON.stringify(probed)}`, () => process.exit())
}
void main(process.argv[2] ?? '')
