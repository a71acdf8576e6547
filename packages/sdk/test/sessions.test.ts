import { trace } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startAgentel } from '../src/index.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let sink: OtlpSink
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(() => sink.close())

interface Point {
  count?: string | number
  sum?: number
  asInt?: string | number
}

interface MetricsBody {
  resourceMetrics: {
    scopeMetrics: {
      metrics: { name: string; sum?: { dataPoints: Point[] }; histogram?: { dataPoints: Point[] } }[]
    }[]
  }[]
}

/** The last points of a metric of sessions: of a sum its value, of a histogram count and sum. */
function lastOf(name: string): unknown[] {
  const bodies = sink.received.filter(({ path }) => path === '/v1/metrics')
  const metrics = bodies.flatMap(({ body }) =>
    (JSON.parse(body.toString()) as MetricsBody).resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap((scope) => scope.metrics.filter((metric) => metric.name === name)),
    ),
  )
  const { sum, histogram } = metrics.at(-1) ?? {}
  if (sum !== undefined) return sum.dataPoints.map(({ asInt }) => Number(asInt))
  return (histogram?.dataPoints ?? []).map((point) => ({ count: Number(point.count), sum: point.sum }))
}

const ENDED = { active: [0], cost: [{ count: 1, sum: 0.15 }], queries: [{ count: 1, sum: 1 }] }

const said = () => ({
  active: lastOf('agentel.session.active'),
  cost: lastOf('agentel.session.cost'),
  queries: lastOf('agentel.session.queries'),
})

it.each([
  { how: 'by itself', env: {}, end: { code: 0 } },
  { how: 'by process.exit', env: { THEN_EXIT: '6' }, end: { code: 6 } },
  { how: 'by SIGTERM', env: { STAY: '1' }, end: { signal: 'SIGTERM' } },
])('a process that ends $how tells of the sessions that were open', async ({ env, end }) => {
  const run = await runApp('session.mjs', {
    env: {
      AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS: '10000',
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      ...env,
    },
    ...('signal' in end ? { signal: 'SIGTERM' as const } : {}),
  })
  expect(run).toMatchObject({ ...end, stderr: '' })
  expect(said()).toEqual(ENDED)
})

it('ends a session when the application says so, once', async () => {
  const agentel = startAgentel({
    otlp: { endpoint: sink.url, protocol: 'http/json' },
    shutdown: { flushOnExit: false },
  })
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.provider.name': 'openai',
    'gen_ai.usage.input_tokens': 1_000_000,
    'session.id': 's1',
  }
  const before = agentel.endSession('s1')
  trace.getTracer('app').startSpan('chat', { attributes }).end()
  const ends = [before, agentel.endSession('s1'), agentel.endSession('s1')]
  await agentel.forceFlush()
  const flushed = said()
  await agentel.shutdown()
  expect({ ends, flushed }).toEqual({ ends: [false, true, false], flushed: ENDED })
})
