import { ConsoleLogRecordExporter, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  AggregationType,
  ConsoleMetricExporter,
  InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { ConsoleSpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace'
import type { ExportCounts } from './export-counts.ts'
import { lazyExporter, type ExporterLike } from './lazy-exporter.ts'
import { splitBatches } from './split-batches.ts'
import type { ExporterSettings, OtlpSettings, Protocol, Signal, Temporality } from './otel-settings.ts'

interface Loaded {
  createExporter(signal: Signal, settings: OtlpSettings): object
}

const LOADERS: Record<Protocol, () => Promise<Loaded>> = {
  'http/protobuf': () => import('./exporters/otlp-http-protobuf.ts'),
  'http/json': () => import('./exporters/otlp-http-json.ts'),
  grpc: () => import('./exporters/otlp-grpc.ts'),
}

function loadOtlp<Batch>(signal: Signal, { protocol, otlp }: ExporterSettings) {
  return async (): Promise<ExporterLike<Batch>> => {
    const { createExporter } = await LOADERS[protocol]()
    return createExporter(signal, otlp) as ExporterLike<Batch>
  }
}

/** Half of what a gRPC receiver takes by default: sizes are estimates. */
const MAX_BATCH_BYTES = 2 * 1024 * 1024

/** An exporter of spans. */
export function spanExporter(settings: ExporterSettings, counts: ExportCounts): SpanExporter {
  if (settings.name === 'console') return new ConsoleSpanExporter()
  const load = loadOtlp<unknown[]>('traces', settings)
  const exporter = lazyExporter({ load, size: (spans) => spans.length, count: counts.traces }) as SpanExporter
  return splitBatches(exporter, MAX_BATCH_BYTES)
}

/** An exporter of log records. */
export function logExporter(settings: ExporterSettings, counts: ExportCounts): LogRecordExporter {
  if (settings.name === 'console') return new ConsoleLogRecordExporter()
  const load = loadOtlp<unknown[]>('logs', settings)
  return lazyExporter({ load, size: (records) => records.length, count: counts.logs }) as LogRecordExporter
}

const DELTA: Record<Temporality, readonly InstrumentType[]> = {
  cumulative: [],
  delta: [
    InstrumentType.COUNTER,
    InstrumentType.HISTOGRAM,
    InstrumentType.GAUGE,
    InstrumentType.OBSERVABLE_COUNTER,
    InstrumentType.OBSERVABLE_GAUGE,
  ],
  lowmemory: [InstrumentType.COUNTER, InstrumentType.HISTOGRAM],
}

/** A push exporter of metrics; it answers for temporality and aggregation itself, so that nothing has to be loaded. */
export function metricExporter(settings: ExporterSettings, counts: ExportCounts): PushMetricExporter {
  const { temporality, exponentialHistograms } = settings.reader
  if (settings.name === 'console') return new ConsoleMetricExporter()
  const load = loadOtlp<ResourceMetrics>('metrics', settings)
  return {
    ...lazyExporter({ load, size: () => 1, count: counts.metrics }),
    selectAggregationTemporality: (type) =>
      DELTA[temporality].includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) =>
      exponentialHistograms && type === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : { type: AggregationType.DEFAULT },
  }
}
