import { context, type Attributes, type Context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { enricherProcessor, type Enricher } from '@agentel/processor-kit'
import { createTestTelemetry, type TestTelemetry, type TestTelemetryOptions } from '@agentel/testing'
import { metricsEnricher, type MetricsEnricher, type MetricsEnricherOptions } from '../src/index.ts'

/** The start of all spans of the tests. */
export const START = Date.parse('2026-11-21T12:00:00Z')

/** Attributes of a chat with openai. */
export const CHAT: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'server.address': 'api.openai.com',
  'server.port': 443,
}

/** Test telemetry with the metrics enricher in it. */
export interface MetricsSetUp {
  readonly telemetry: TestTelemetry
  readonly metrics: MetricsEnricher
  /** Values by metric: for sums the value, for distributions `{count, sum}`; with attributes. */
  points(metric: string): Promise<{ attributes: Attributes; value: unknown }[]>
  names(): Promise<string[]>
}

interface SetUpOptions extends MetricsEnricherOptions {
  readonly before?: readonly Enricher[]
  readonly sampler?: TestTelemetryOptions['sampler']
}

/** Registers test telemetry whose only reader has our producer. */
export function setUp({ before = [], sampler, ...options }: SetUpOptions = {}): MetricsSetUp {
  const metrics = metricsEnricher(options)
  const telemetry = createTestTelemetry({
    spanProcessors: [enricherProcessor([...before, metrics])],
    metricProducers: options.instruments === 'sdk' ? [] : [metrics.metricProducer()],
    ...(sampler === undefined ? {} : { sampler }),
  })
  return {
    telemetry,
    metrics,
    names: async () => (await telemetry.metrics()).map((metric) => metric.descriptor.name).toSorted(),
    points: async (name) => {
      const found = (await telemetry.metrics()).filter((metric) => metric.descriptor.name === name)
      return found.flatMap((metric) =>
        metric.dataPoints.map(({ attributes, value }) => {
          const { count, sum } = value as { count?: number; sum?: number }
          return { attributes, value: count === undefined ? value : { count, sum } }
        }),
      )
    },
  }
}

/** A span of `seconds` within `parent`, ended after `inside` has run in its context. */
export function span(
  name: string,
  attributes: Attributes,
  options: { seconds?: number; kind?: SpanKind; parent?: Context; ending?: (span: Span) => void } = {},
  inside: (context: Context) => void = () => undefined,
): void {
  const parent = options.parent ?? context.active()
  const kind = options.kind ?? SpanKind.INTERNAL
  const started = trace.getTracer('test').startSpan(name, { attributes, kind, startTime: START }, parent)
  inside(trace.setSpan(parent, started))
  options.ending?.(started)
  started.end(START + (options.seconds ?? 1) * 1000)
}
