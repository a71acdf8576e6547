import type { Resource } from '@opentelemetry/resources'
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  MeterProvider,
  type InstrumentType,
  PeriodicExportingMetricReader,
  type IMetricReader,
  type MetricProducer,
  type PushMetricExporter,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { MetricProducerLike } from '@agentel/processor-metrics'
import { logExporter, metricExporter, spanExporter } from './exporter-table.ts'
import type { ExportCounts } from './export-counts.ts'
import type { ExporterSettings, OtelSettings } from './otel-settings.ts'
import { parallelBatches } from './parallel-batches.ts'
import { parallelLogBatches } from './parallel-log-batches.ts'
import { redactedReader, type RedactMetrics } from './redacted-metrics.ts'
import { requireSibling } from './require-sibling.ts'
import { collectNow } from './collect-now.ts'
import type { SlowDetectors } from './slow-detectors.ts'
import type { SpanSampling } from './span-sampling.ts'
import { recordKeeper, type Unsent, type UnsentBatch } from './unsent.ts'

type TemporalityOf = (instrument: InstrumentType) => AggregationTemporality
const cumulative: TemporalityOf = () => AggregationTemporality.CUMULATIVE

/** The three providers of one process. */
export interface Providers {
  tracer: TracerProvider
  meter: MeterProvider
  logger: LoggerProvider
  /** Spans ended and log records emitted so far: tells whether there is anything new to flush. */
  activity: () => number
  /** Hands everything that waits to the exporters, and gives what the metric readers would collect, without waiting. */
  drain: () => UnsentBatch[]
}

/** What the providers are made of, beside the exporters that the settings name. */
export interface ProviderParts {
  settings: OtelSettings
  views: readonly object[]
  resource: Resource
  sampling: SpanSampling
  counts: ExportCounts
  unsent: Unsent
  detectors: SlowDetectors
  /** Ours, in front of the exporting processors: they change a span before anything serialises it. */
  spanProcessors: SpanProcessor[]
  logProcessors: LogRecordProcessor[]
  /** Producers of one reader: each reader needs its own, in its own temporality. */
  metricProducers: (temporality: TemporalityOf) => MetricProducerLike[]
  /** Whether this thread may open ports: only the main thread of the first process does. */
  mayListen: boolean
  redactMetrics: RedactMetrics
  /** What reads the metrics in this process, cumulatively. */
  feeds: readonly { readonly exporter: PushMetricExporter; readonly intervalMs: number }[]
}

interface Reader {
  reader: IMetricReader
  producers: MetricProducerLike[]
  settings: ExporterSettings
}

function metricReaders(parts: ProviderParts): Reader[] {
  const { settings } = parts
  return settings.exporters.metrics.flatMap((one): Reader[] => {
    if (one.name !== 'prometheus') {
      const exporter = metricExporter(one, parts)
      const temporality = exporter.selectAggregationTemporality?.bind(exporter) ?? cumulative
      const producers = parts.metricProducers(temporality)
      const reader = new PeriodicExportingMetricReader({
        exporter,
        metricProducers: producers as unknown as MetricProducer[],
        exportIntervalMillis: one.reader.exportIntervalMillis ?? 60_000,
        exportTimeoutMillis: one.reader.exportTimeoutMillis ?? 30_000,
      })
      return [{ reader: redactedReader(reader, parts.redactMetrics), producers, settings: one }]
    }
    if (!parts.mayListen) return []
    const { PrometheusExporter } = requireSibling<typeof import('./exporters/prometheus.ts')>('exporters/prometheus')
    const address = { host: 'localhost', port: 9464, ...one.listen }
    const producers = parts.metricProducers(cumulative)
    const reader = new PrometheusExporter({ ...address, metricProducers: producers as unknown as MetricProducer[] })
    return [{ reader: redactedReader(reader, parts.redactMetrics), producers, settings: one }]
  })
}

/** What reads the metrics in this process; after the exporting readers, whose places `lastMetrics` counts. */
function feedReaders({ feeds, metricProducers, redactMetrics }: ProviderParts): IMetricReader[] {
  return feeds.map(({ exporter, intervalMs }) => {
    const reader = new PeriodicExportingMetricReader({
      exporter,
      metricProducers: metricProducers(cumulative) as unknown as MetricProducer[],
      exportIntervalMillis: intervalMs,
      exportTimeoutMillis: intervalMs,
    })
    return redactedReader(reader, redactMetrics)
  })
}

function lastMetrics(meter: MeterProvider, readers: readonly Reader[], redact: RedactMetrics): UnsentBatch[] {
  return readers.flatMap(({ producers, settings }, index) => {
    if (settings.name !== 'otlp') return []
    const batch = collectNow(meter, index, producers)
    if (batch !== undefined) redact(batch)
    return batch === undefined ? [] : [{ signal: 'metrics', settings, batch }]
  })
}

/** The ends of a processor that waits for nothing. */
const unending = { forceFlush: async (): Promise<void> => {}, shutdown: async (): Promise<void> => {} }

/** Two processors that only count. */
function activityCounter() {
  let count = 0
  const add = (): void => void count++
  return {
    read: () => count,
    spans: { onStart: () => {}, onEnd: add, ...unending },
    logs: { onEmit: add, ...unending },
  }
}

/** Builds the providers, registers nothing. */
export function buildProviders(parts: ProviderParts): Providers {
  const { settings, resource } = parts
  const readers = metricReaders(parts)
  const meter = new MeterProvider({
    resource,
    readers: [...readers.map(({ reader }) => reader), ...feedReaders(parts)],
    views: parts.views as ViewOptions[],
  })
  // Queue overflows and failed batches are counted by the SDK itself, as otel.sdk.processor.* metrics.
  const selfObsMeterProvider = meter
  const spanProcessors = settings.exporters.traces.map((one) => {
    const exporter = spanExporter(one, parts)
    return one.batch === 'simple'
      ? new SimpleSpanProcessor({ exporter })
      : parallelBatches({ exporter, selfObsMeterProvider, batch: one.batch })
  })
  const logProcessors = settings.exporters.logs.map((one) => {
    const exporter = logExporter(one, parts)
    return one.batch === 'simple'
      ? new SimpleLogRecordProcessor({ exporter })
      : parallelLogBatches({ exporter, selfObsMeterProvider, batch: one.batch })
  })
  const keepers = settings.exporters.logs
    .filter(({ name }) => name === 'otlp')
    .map((one) => ({ onEmit: recordKeeper(parts.unsent, one), ...unending }))
  const activity = activityCounter()
  return {
    meter,
    activity: activity.read,
    drain() {
      // Each hands its queue to its exporter at once; what they wait for afterwards will not come.
      for (const one of spanProcessors) void one.forceFlush().catch(() => undefined)
      return lastMetrics(meter, readers, parts.redactMetrics)
    },
    tracer: new TracerProvider({
      resource,
      sampler: parts.sampling.sampler,
      spanLimits: settings.limits.span,
      spanProcessors: [...parts.spanProcessors, activity.spans, ...parts.sampling.inFrontOf(spanProcessors)],
    }),
    logger: new LoggerProvider({
      resource,
      logRecordLimits: settings.limits.logRecord,
      processors: [...parts.logProcessors, activity.logs, ...keepers, ...logProcessors],
    }),
  }
}
