import type { ResourceMetrics, PushMetricExporter } from '@opentelemetry/sdk-metrics'
import {
  AggregationType,
  AggregationTemporality,
  ConsoleMetricExporter,
  InstrumentType,
} from '@opentelemetry/sdk-metrics'
import { ConsoleLogRecordExporter, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { ConsoleSpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace'
import type { ExportCounts } from './export-counts.ts'
import type { OtlpExporterOptions } from './exporters/otlp-exporter-options.ts'
import { lazyExporter, type ExporterLike } from './lazy-exporter.ts'
import type { ExporterSettings, OtelSettings, Protocol, Signal, Temporality } from './otel-environment.ts'

/** What code may say about the destination; what it leaves out the exporter reads from `OTEL_EXPORTER_OTLP_*`. */
export interface OtlpOptions {
  endpoint?: string
  headers?: Readonly<Record<string, string>>
  timeoutMs?: number
}

type Loaded = { createExporter(signal: Signal, options: OtlpExporterOptions): object }
const LOADERS: Record<Protocol, () => Promise<Loaded>> = {
  'http/protobuf': () => import('./exporters/otlp-http-protobuf.ts'),
  'http/json': () => import('./exporters/otlp-http-json.ts'),
  grpc: () => import('./exporters/otlp-grpc.ts'),
}

/** The base endpoint as a signal's own: HTTP has a path per signal, gRPC has none. */
export function signalUrl(endpoint: string, protocol: Protocol, signal: Signal): string {
  return protocol === 'grpc' ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/${signal}`
}

function loadOtlp<Batch>(signal: Signal, protocol: Protocol, otlp: OtlpOptions) {
  return async (): Promise<ExporterLike<Batch>> => {
    const { createExporter } = await LOADERS[protocol]()
    const { endpoint, headers, timeoutMs } = otlp
    const options = {
      ...(endpoint === undefined ? {} : { url: signalUrl(endpoint, protocol, signal) }),
      ...(headers === undefined ? {} : { headers: { ...headers } }),
      ...(timeoutMs === undefined ? {} : { timeoutMillis: timeoutMs }),
    }
    return createExporter(signal, options) as ExporterLike<Batch>
  }
}

/** A span exporter by name and protocol. */
export function spanExporter(exporter: ExporterSettings, otlp: OtlpOptions, counts: ExportCounts): SpanExporter {
  if (exporter.name === 'console') return new ConsoleSpanExporter()
  return lazyExporter({
    load: loadOtlp('traces', exporter.protocol, otlp),
    size: (spans: unknown[]) => spans.length,
    count: counts.traces,
  }) as SpanExporter
}

/** A log exporter by name and protocol. */
export function logExporter(exporter: ExporterSettings, otlp: OtlpOptions, counts: ExportCounts): LogRecordExporter {
  if (exporter.name === 'console') return new ConsoleLogRecordExporter()
  return lazyExporter({
    load: loadOtlp('logs', exporter.protocol, otlp),
    size: (records: unknown[]) => records.length,
    count: counts.logs,
  }) as LogRecordExporter
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
export function metricExporter(
  exporter: ExporterSettings,
  otlp: OtlpOptions,
  counts: ExportCounts,
  settings: Pick<OtelSettings, 'temporality' | 'histogramAggregation'>,
): PushMetricExporter {
  if (exporter.name === 'console') return new ConsoleMetricExporter()
  const exponential = settings.histogramAggregation === 'base2_exponential_bucket_histogram'
  return {
    ...lazyExporter<ResourceMetrics>({
      load: loadOtlp('metrics', exporter.protocol, otlp),
      size: () => 1,
      count: counts.metrics,
    }),
    selectAggregationTemporality: (type) =>
      DELTA[settings.temporality].includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) =>
      exponential && type === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
        : { type: AggregationType.DEFAULT },
  }
}
