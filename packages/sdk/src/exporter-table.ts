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
import { hold, type Unsent } from './unsent.ts'
import { lazyExporter, type ExporterLike } from './lazy-exporter.ts'
import type { SlowDetectors } from './slow-detectors.ts'
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

/** Where exporters say what becomes of their batches. */
export interface Bookkeeping {
  readonly counts: ExportCounts
  readonly unsent: Unsent
}

/** What stands between processors and destinations. */
export interface BeforeExport extends Bookkeeping {
  readonly detectors: SlowDetectors
}

/** An exporter of spans. */
export function spanExporter(settings: ExporterSettings, { counts, unsent, detectors }: BeforeExport): SpanExporter {
  if (settings.name === 'console') return detectors.around(new ConsoleSpanExporter())
  const loadBare = loadOtlp<unknown[]>('traces', settings)
  const load = async () => detectors.around(await loadBare())
  const keep = (batch: unknown) => hold(unsent, { signal: 'traces', settings, batch })
  const exporter = lazyExporter({ load, size: (spans) => spans.length, count: counts.traces })
  return splitBatches(exporter as SpanExporter, MAX_BATCH_BYTES, keep)
}

/** An exporter of log records. */
export function logExporter(
  settings: ExporterSettings,
  { counts, unsent, detectors }: BeforeExport,
): LogRecordExporter {
  if (settings.name === 'console') return detectors.around(new ConsoleLogRecordExporter())
  const loadBare = loadOtlp<unknown[]>('logs', settings)
  const load = async () => detectors.around(await loadBare())
  const keep = (batch: unknown) => hold(unsent, { signal: 'logs', settings, batch })
  return lazyExporter({ load, size: (records) => records.length, count: counts.logs, hold: keep }) as LogRecordExporter
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
export function metricExporter(settings: ExporterSettings, { counts, unsent }: Bookkeeping): PushMetricExporter {
  const { temporality, exponentialHistograms } = settings.reader
  if (settings.name === 'console') return new ConsoleMetricExporter()
  const load = loadOtlp<ResourceMetrics>('metrics', settings)
  const keep = (batch: unknown) => hold(unsent, { signal: 'metrics', settings, batch })
  return {
    ...lazyExporter({ load, size: () => 1, count: counts.metrics, hold: keep }),
    selectAggregationTemporality: (type) =>
      DELTA[temporality].includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) =>
      exponentialHistograms && type === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : { type: AggregationType.DEFAULT },
  }
}
