import type { AttributeValue } from '@opentelemetry/api'

export const PROTOCOLS = ['http/protobuf', 'grpc', 'http/json'] as const
/** How OTLP is sent. */
export type Protocol = (typeof PROTOCOLS)[number]

export const SIGNALS = ['traces', 'metrics', 'logs'] as const
export type Signal = (typeof SIGNALS)[number]

export const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'] as const
export type PropagatorName = (typeof PROPAGATORS)[number]

export const TEMPORALITIES = ['cumulative', 'delta', 'lowmemory'] as const
export type Temporality = (typeof TEMPORALITIES)[number]

export const LOG_LEVELS = ['NONE', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'VERBOSE', 'ALL'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Sizes and times (ms) of a batch processor; undefined leaves the SDK's own. */
export interface BatchSettings {
  scheduledDelayMillis?: number
  exportTimeoutMillis?: number
  maxQueueSize?: number
  maxExportBatchSize?: number
}

/** What an OTLP exporter is told; what is left out it reads from `OTEL_EXPORTER_OTLP_*`. */
export interface OtlpSettings {
  /** The signal's own address, path included. */
  url?: string
  headers?: Record<string, string>
  timeoutMillis?: number
  compression?: 'gzip' | 'none'
  /** PEM files. */
  tls?: { caFile?: string; keyFile?: string; certFile?: string; insecure?: boolean }
}

/** One exporter of one signal, and what feeds it. */
export interface ExporterSettings {
  name: 'otlp' | 'console' | 'prometheus'
  protocol: Protocol
  otlp: OtlpSettings
  /** Spans and logs: the batch in front of it; `simple` sends each one at once. */
  batch: BatchSettings | 'simple'
  /** Metrics only. */
  reader: {
    exportIntervalMillis?: number
    exportTimeoutMillis?: number
    temporality: Temporality
    exponentialHistograms: boolean
  }
  /** Prometheus only. */
  listen: { host?: string; port?: number }
}

/** A sampler, as `OTEL_TRACES_SAMPLER` or a file describes it. */
export type SamplerSettings =
  | { name: 'always_on' | 'always_off' }
  | { name: 'traceidratio'; ratio: number }
  | {
      name: 'parentbased'
      root: SamplerSettings
      remoteParentSampled?: SamplerSettings
      remoteParentNotSampled?: SamplerSettings
      localParentSampled?: SamplerSettings
      localParentNotSampled?: SamplerSettings
    }

/** Limits of spans and log records; undefined leaves the SDK's own. */
export interface LimitSettings {
  span: Partial<
    Record<
      | 'attributeValueLengthLimit'
      | 'attributeCountLimit'
      | 'eventCountLimit'
      | 'linkCountLimit'
      | 'attributePerEventCountLimit'
      | 'attributePerLinkCountLimit',
      number
    >
  >
  logRecord: Partial<Record<'attributeValueLengthLimit' | 'attributeCountLimit', number>>
}

export const DETECTORS = ['env', 'host', 'os', 'process', 'serviceinstance'] as const
export type DetectorName = (typeof DETECTORS)[number]

/** All that OpenTelemetry itself is told, by `OTEL_*` or by a file. */
export interface OtelSettings {
  disabled: boolean
  logLevel?: LogLevel
  resource: { detectors: readonly DetectorName[]; attributes: Record<string, AttributeValue> }
  exporters: Record<Signal, ExporterSettings[]>
  sampler: SamplerSettings
  propagators: PropagatorName[]
  limits: LimitSettings
}

/** The object without the keys whose value is null or undefined: the SDKs tell "absent" from "undefined". */
export function present<T extends object>(object: { [K in keyof T]: T[K] | null | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value != null)) as T
}
