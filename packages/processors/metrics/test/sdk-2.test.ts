import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AlwaysOnSampler, SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { MeterProvider, MetricProducer, MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { enricherProcessor } from '@agentel/processor-kit'
import { installSdk } from '@agentel/testing/contract'
import { beforeAll, expect, it } from 'vitest'
import { metricsEnricher, type MetricsEnricherOptions } from '../src/index.ts'
import { CHAT } from './spans.ts'

/** What is used of SDK 2.12, whose classes have the same shape as those of SDK 3 in this respect. */
interface Sdk2 {
  BasicTracerProvider: new (options: { spanProcessors: SpanProcessor[]; sampler?: AlwaysOnSampler }) => TracerProvider
  MeterProvider: new (options: { readers: MetricReader[] }) => MeterProvider
  MetricReader: new (options: { metricProducers: MetricProducer[] }) => MetricReader
  version: string
}

const root = join(import.meta.dirname, '../../../..')
let sdk: Sdk2

beforeAll(async () => {
  const folder = await installSdk('opentelemetry', 2, {
    matrix: join(root, 'test/matrix'),
    cache: join(root, '.cache/matrix'),
  })
  const require = createRequire(join(folder, 'index.js'))
  const { version } = require('@opentelemetry/sdk-metrics/package.json') as { version: string }
  sdk = {
    ...(require('@opentelemetry/sdk-trace-base') as Sdk2),
    ...(require('@opentelemetry/sdk-metrics') as Sdk2),
    version,
  }
})

/** One chat span through SDK 2.12, and what its reader collects. */
async function collected(instruments: 'producer' | 'sdk') {
  class Reader extends sdk.MetricReader {
    protected override onShutdown = () => Promise.resolve()
    protected override onForceFlush = () => Promise.resolve()
  }
  const held: { provider?: MeterProvider } = {}
  const options: MetricsEnricherOptions = { instruments }
  const meterOf = () => held.provider?.getMeter('host') as NonNullable<MetricsEnricherOptions['meter']>
  const producers = (enricher: ReturnType<typeof metricsEnricher>) =>
    instruments === 'producer' ? [enricher.metricProducer()] : []
  const withProducer = metricsEnricher(options)
  const reader = new Reader({ metricProducers: producers(withProducer) })
  held.provider = new sdk.MeterProvider({ readers: [reader] })
  const enricher = instruments === 'producer' ? withProducer : metricsEnricher({ ...options, meter: meterOf() })
  const tracers = new sdk.BasicTracerProvider({ spanProcessors: [enricherProcessor([enricher]) as SpanProcessor] })
  const start = Date.parse('2026-11-20T12:00:00Z')
  tracers
    .getTracer('t')
    .startSpan('chat', { startTime: start, attributes: { ...CHAT, 'gen_ai.usage.input_tokens': 10 } })
    .end(start + 2000)
  const { resourceMetrics } = await reader.collect()
  return pointsOf(resourceMetrics)
}

function pointsOf(resourceMetrics: ResourceMetrics) {
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }) => ({ attributes, value })),
    ]),
  )
}

it.each(['producer', 'sdk'] as const)('records the same on SDK 2.12 with instruments %s', async (instruments) => {
  expect(sdk.version).toMatch(/^2\.12\./)
  expect(await collected(instruments)).toMatchObject({
    'gen_ai.client.inference.duration': [{ attributes: CHAT, value: { count: 1, sum: 2 } }],
    'gen_ai.client.inference.usage.input_tokens': [
      { attributes: { ...CHAT, 'gen_ai.token.modality': 'unknown' }, value: 10 },
    ],
    'agentel.operation.active': [{ attributes: { 'gen_ai.operation.name': 'chat' }, value: 0 }],
  })
})
