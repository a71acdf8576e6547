import type { Resource } from '@opentelemetry/resources'
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  SimpleLogRecordProcessor,
  type LogRecordProcessor,
} from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  MeterProvider,
  type InstrumentType,
  PeriodicExportingMetricReader,
  type IMetricReader,
  type MetricProducer,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, SimpleSpanProcessor, TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { MetricProducerLike } from '@agentel/processor-metrics'
import { logExporter, metricExporter, spanExporter } from './exporter-table.ts'
import type { ExportCounts } from './export-counts.ts'
import type { OtelSettings } from './otel-settings.ts'
import { requireSibling } from './require-sibling.ts'
import type { SpanSampling } from './span-sampling.ts'

type TemporalityOf = (instrument: InstrumentType) => AggregationTemporality
const cumulative: TemporalityOf = () => AggregationTemporality.CUMULATIVE

/** The three providers of one process. */
export interface Providers {
  tracer: TracerProvider
  meter: MeterProvider
  logger: LoggerProvider
  /** Spans ended and log records emitted so far: tells whether there is anything new to flush. */
  activity: () => number
}

/** What the providers are made of, beside the exporters that the settings name. */
export interface ProviderParts {
  settings: OtelSettings
  views: readonly object[]
  resource: Resource
  sampling: SpanSampling
  counts: ExportCounts
  /** Ours, in front of the exporting processors: they change a span before anything serialises it. */
  spanProcessors: SpanProcessor[]
  logProcessors: LogRecordProcessor[]
  /** Producers of one reader: each reader needs its own, in its own temporality. */
  metricProducers: (temporality: TemporalityOf) => MetricProducerLike[]
  /** Whether this thread may open ports: only the main thread of the first process does. */
  mayListen: boolean
}

function metricReaders(parts: ProviderParts): IMetricReader[] {
  const { settings, counts } = parts
  const producers = (temporality: TemporalityOf) => parts.metricProducers(temporality) as unknown as MetricProducer[]
  return settings.exporters.metrics.flatMap((one): IMetricReader[] => {
    if (one.name !== 'prometheus') {
      const exporter = metricExporter(one, counts)
      const temporality = exporter.selectAggregationTemporality?.bind(exporter) ?? cumulative
      return [
        new PeriodicExportingMetricReader({
          exporter,
          metricProducers: producers(temporality),
          exportIntervalMillis: one.reader.exportIntervalMillis ?? 60_000,
          exportTimeoutMillis: one.reader.exportTimeoutMillis ?? 30_000,
        }),
      ]
    }
    if (!parts.mayListen) return []
    const { PrometheusExporter } = requireSibling<typeof import('./exporters/prometheus.ts')>('exporters/prometheus')
    const address = { host: 'localhost', port: 9464, ...one.listen }
    return [new PrometheusExporter({ ...address, metricProducers: producers(cumulative) })]
  })
}

/** Two processors that only count. */
function activityCounter() {
  let count = 0
  const add = (): void => void count++
  const idle = async (): Promise<void> => {}
  const rest = { forceFlush: idle, shutdown: idle }
  return { read: () => count, spans: { onStart: () => {}, onEnd: add, ...rest }, logs: { onEmit: add, ...rest } }
}

/** Builds the providers, registers nothing. */
export function buildProviders(parts: ProviderParts): Providers {
  const { settings, resource, counts } = parts
  const meter = new MeterProvider({ resource, readers: metricReaders(parts), views: parts.views as ViewOptions[] })
  // Queue overflows and failed batches are counted by the SDK itself, as otel.sdk.processor.* metrics.
  const selfObsMeterProvider = meter
  const spanProcessors = settings.exporters.traces.map((one) => {
    const exporter = spanExporter(one, counts)
    return one.batch === 'simple'
      ? new SimpleSpanProcessor({ exporter })
      : new BatchSpanProcessor({ exporter, selfObsMeterProvider, ...one.batch })
  })
  const logProcessors = settings.exporters.logs.map((one) => {
    const exporter = logExporter(one, counts)
    return one.batch === 'simple'
      ? new SimpleLogRecordProcessor({ exporter })
      : new BatchLogRecordProcessor({ exporter, selfObsMeterProvider, ...one.batch })
  })
  const activity = activityCounter()
  return {
    meter,
    activity: activity.read,
    tracer: new TracerProvider({
      resource,
      sampler: parts.sampling.sampler,
      spanLimits: settings.limits.span,
      spanProcessors: [...parts.spanProcessors, activity.spans, ...parts.sampling.inFrontOf(spanProcessors)],
    }),
    logger: new LoggerProvider({
      resource,
      logRecordLimits: settings.limits.logRecord,
      processors: [...parts.logProcessors, activity.logs, ...logProcessors],
    }),
  }
}
