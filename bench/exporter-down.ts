/**
 * A million spans while the destination is down: what memory they take, and whether what was dropped is counted.
 * The destination takes the first batches, then refuses connections.
 * Run: node --expose-gc --conditions=@agentel/source bench/exporter-down.ts [spans]
 */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'

const SPANS = Number(process.argv[2] ?? 1_000_000)
const BURST = 1000
const TAKEN = 20

let requests = 0
let received = 0
const destination = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = JSON.parse(Buffer.concat(chunks).toString())
  for (const { scopeSpans } of body.resourceSpans) for (const { spans } of scopeSpans) received += spans.length
  response.writeHead(200, { connection: 'close' }).end()
  if (++requests === TAKEN) destination.close()
  if (requests >= TAKEN) destination.closeIdleConnections()
})
destination.listen(0, '127.0.0.1')
await once(destination, 'listening')

Object.assign(process.env, {
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(destination.address() as AddressInfo).port}`,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_METRICS_EXPORTER: 'prometheus',
  OTEL_EXPORTER_PROMETHEUS_PORT: '9494',
  OTEL_LOGS_EXPORTER: 'none',
})
const { startAgentel } = await import('../packages/sdk/src/index.ts')
const { trace } = createRequire(new URL('../packages/sdk/package.json', import.meta.url))('@opentelemetry/api')
const agentel = startAgentel()
const tracer = trace.getTracer('bench')

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
const heap: number[] = []
let mostResident = 0
const started = performance.now()
for (let ended = 0; ended < SPANS;) {
  for (let index = 0; index < BURST; index++, ended++) {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 800,
      'gen_ai.usage.output_tokens': 100,
      'user.id': `user-${ended % 5000}`,
      'session.id': `session-${ended % 20_000}`,
      note: `span ${ended}`,
    }
    tracer.startSpan('chat gpt-4o-mini', { attributes }).end()
  }
  // The application does something else, too: the batches are sent meanwhile.
  await new Promise((resolve) => setImmediate(resolve))
  mostResident = Math.max(mostResident, process.memoryUsage.rss())
  if (ended % (SPANS / 10) === 0) {
    globalThis.gc?.()
    heap.push(megabytes(process.memoryUsage().heapUsed))
  }
}
const seconds = (performance.now() - started) / 1000
await agentel.forceFlush()

/** Sums of one of OpenTelemetry's own metrics, by the kind of error. */
async function ownMetric(name: string): Promise<Record<string, number>> {
  const text = await (await fetch('http://localhost:9494/metrics')).text()
  const sums: Record<string, number> = {}
  for (const line of text.split('\n')) {
    if (!line.startsWith(name) || !line.includes('span_processor')) continue
    const error = /error_type="([^"]+)"/.exec(line)?.[1] ?? 'none'
    sums[error] =
      (sums[error] ?? 0) +
      Number(
        line
          .slice(line.lastIndexOf('}') + 1)
          .trim()
          .split(' ')[0],
      )
  }
  return sums
}

// What was on its way when the flush gave up is decided soon after.
let processed: Record<string, number> = {}
for (let attempt = 0; attempt < 100; attempt++) {
  processed = await ownMetric('otel_sdk_processor_span_processed')
  if (Object.values(processed).reduce((sum, count) => sum + count, 0) === SPANS) break
  await new Promise((resolve) => setTimeout(resolve, 500))
}
const waiting = (await ownMetric('otel_sdk_processor_span_queue_size'))['none'] ?? 0
const exported = processed['none'] ?? 0
const dropped = Object.entries(processed).reduce((sum, [error, count]) => (error === 'none' ? sum : sum + count), 0)
const result = {
  command: `node --expose-gc --conditions=@agentel/source bench/exporter-down.ts ${SPANS}`,
  'spans ended': SPANS,
  'spans that the destination got': received,
  'otel.sdk.processor.span.processed, by error.type': processed,
  'otel.sdk.processor.span.queue.size at the end': waiting,
  'dropped by these': dropped,
  'ended minus got': SPANS - received,
  'the counts agree': exported === received && dropped + waiting === SPANS - received,
  'heap in MiB after each tenth, collected': heap,
  'most resident memory, MiB': megabytes(mostResident),
  'spans a second': Math.round(SPANS / seconds),
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}`,
}
console.log(JSON.stringify(result, null, 2))
writeFileSync(new URL('results/exporter-down.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
await agentel.shutdown()
process.exit(result['the counts agree'] ? 0 : 1)
