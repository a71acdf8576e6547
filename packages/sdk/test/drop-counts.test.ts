import { trace } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'
import { type OtlpSink, startOtlpSink } from './otlp-sink.ts'

let sink: OtlpSink
let agentel: Agentel | undefined
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(async () => {
  await agentel?.shutdown()
  await sink.close()
  vi.unstubAllEnvs()
})

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
  readonly asInt?: string | number
  readonly asDouble?: number
}

/** What the SDK says of its processed spans, by `error.type`, in the last export of metrics. */
function processed(): Record<string, number> {
  const last = sink.received.findLast(({ path }) => path === '/v1/metrics')
  const { resourceMetrics } = JSON.parse(last?.body.toString() ?? '{"resourceMetrics":[]}')
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }: { scopeMetrics: { metrics: object[] }[] }) =>
    scopeMetrics.flatMap((scope) => scope.metrics),
  ) as { name: string; sum?: { dataPoints: readonly Point[] } }[]
  const points = metrics.find(({ name }) => name === 'otel.sdk.processor.span.processed')?.sum?.dataPoints ?? []
  return Object.fromEntries(
    points.map(({ attributes, asInt, asDouble }) => [
      attributes.find(({ key }) => key === 'error.type')?.value.stringValue ?? 'none',
      Number(asInt ?? asDouble),
    ]),
  )
}

it('counts each span that a destination that is down has cost, by reason, under the names of OpenTelemetry', async () => {
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_MAX_QUEUE_SIZE: '200',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '100',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  agentel = startAgentel()
  const tracer = trace.getTracer('app')
  for (let count = 0; count < 50; count++) tracer.startSpan('before').end()
  await agentel.forceFlush()
  expect(processed()).toEqual({ none: 50 })
  await agentel.shutdown()

  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://127.0.0.1:1/v1/traces')
  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '200')
  agentel = startAgentel()
  const later = trace.getTracer('app')
  for (let count = 0; count < 1000; count++) later.startSpan('while it is down').end()
  expect(await agentel.forceFlush()).toBe(false)
  const counts = processed()
  const { queue_full: full = 0, ...others } = counts
  const failed = Object.values(others).reduce((sum, count) => sum + count, 0)
  expect(counts['none']).toBeUndefined()
  expect({
    ended: full + failed,
    exported: agentel.exports().traces.exported,
    failed: agentel.exports().traces.failed,
  }).toEqual({
    ended: 1000,
    exported: 0,
    failed,
  })
  // Four batches of 100 were on their way, 200 in the queue.
  expect(full).toBe(1000 - 600)
})
