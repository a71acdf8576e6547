import {
  envBoolean,
  envChoice,
  envChoices,
  envInteger,
  envString,
  firstOf,
  type Environment,
} from './environment-reader.ts'
import { StartError } from './start-error.ts'

export const PROTOCOLS = ['http/protobuf', 'grpc', 'http/json'] as const
export type Protocol = (typeof PROTOCOLS)[number]

export const SIGNALS = ['traces', 'metrics', 'logs'] as const
export type Signal = (typeof SIGNALS)[number]

export type ExporterName = 'otlp' | 'console' | 'prometheus' | 'none'

const EXPORTERS: Record<Signal, readonly ExporterName[]> = {
  traces: ['otlp', 'console', 'none'],
  metrics: ['otlp', 'console', 'prometheus', 'none'],
  logs: ['otlp', 'console', 'none'],
}

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type SamplerName = (typeof SAMPLERS)[number]

export const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'] as const
export type PropagatorName = (typeof PROPAGATORS)[number]

export const TEMPORALITIES = ['cumulative', 'delta', 'lowmemory'] as const
export type Temporality = (typeof TEMPORALITIES)[number]

/** Sizes and times (ms) of a batch processor; undefined leaves the SDK's own. */
export interface BatchSettings {
  scheduledDelayMillis?: number
  exportTimeoutMillis?: number
  maxQueueSize?: number
  maxExportBatchSize?: number
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

/** One exporter of one signal. */
export interface ExporterSettings {
  name: Exclude<ExporterName, 'none'>
  protocol: Protocol
}

/** All of `OTEL_*` that the start itself reads. Endpoint, headers, TLS, compression and timeout the exporters read. */
export interface OtelSettings {
  disabled: boolean
  configFile?: string
  logLevel?: LogLevel
  exporters: Record<Signal, ExporterSettings[]>
  sampler: { name: SamplerName; ratio: number }
  propagators: PropagatorName[]
  spanBatch: BatchSettings
  logBatch: BatchSettings
  metricInterval: { exportIntervalMillis?: number; exportTimeoutMillis?: number }
  temporality: Temporality
  histogramAggregation: 'explicit_bucket_histogram' | 'base2_exponential_bucket_histogram'
  limits: LimitSettings
  prometheus: { host?: string; port?: number }
}

export const LOG_LEVELS = ['NONE', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'VERBOSE', 'ALL'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** An object without the keys whose value is undefined: the SDKs tell "absent" from "undefined". */
function present<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}

function readExporters(env: Environment, signal: Signal): ExporterSettings[] {
  const upper = signal.toUpperCase()
  const names = envChoices(env, `OTEL_${upper}_EXPORTER`, EXPORTERS[signal]) ?? ['otlp']
  const variables = [`OTEL_EXPORTER_OTLP_${upper}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL']
  const protocol = firstOf(variables, (name) => envChoice(env, name, PROTOCOLS)) ?? 'http/protobuf'
  if (names.includes('none')) return []
  return [...new Set(names)].map((name) => ({ name: name as ExporterSettings['name'], protocol }))
}

function readBatch(env: Environment, prefix: string): BatchSettings {
  return present<BatchSettings>({
    scheduledDelayMillis: envInteger(env, `${prefix}_SCHEDULE_DELAY`),
    exportTimeoutMillis: envInteger(env, `${prefix}_EXPORT_TIMEOUT`, 1),
    maxQueueSize: envInteger(env, `${prefix}_MAX_QUEUE_SIZE`, 1),
    maxExportBatchSize: envInteger(env, `${prefix}_MAX_EXPORT_BATCH_SIZE`, 1),
  })
}

function readLimits(env: Environment): LimitSettings {
  const limit = (...names: string[]) => firstOf(names, (name) => envInteger(env, name))
  return {
    span: present<LimitSettings['span']>({
      attributeValueLengthLimit: limit('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
      attributeCountLimit: limit('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'),
      eventCountLimit: limit('OTEL_SPAN_EVENT_COUNT_LIMIT'),
      linkCountLimit: limit('OTEL_SPAN_LINK_COUNT_LIMIT'),
      attributePerEventCountLimit: limit('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT'),
      attributePerLinkCountLimit: limit('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT'),
    }),
    logRecord: present<LimitSettings['logRecord']>({
      attributeValueLengthLimit: limit(
        'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
        'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      ),
      attributeCountLimit: limit('OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'),
    }),
  }
}

function readSampler(env: Environment): OtelSettings['sampler'] {
  const name = envChoice(env, 'OTEL_TRACES_SAMPLER', SAMPLERS) ?? 'parentbased_always_on'
  const argument = name.endsWith('traceidratio') ? envString(env, 'OTEL_TRACES_SAMPLER_ARG') : undefined
  const ratio = Number(argument ?? 1)
  if (!(ratio >= 0 && ratio <= 1)) {
    throw new StartError(
      'AGENTEL_ENVIRONMENT_INVALID_VALUE',
      'OTEL_TRACES_SAMPLER_ARG',
      `OTEL_TRACES_SAMPLER_ARG=${JSON.stringify(argument)} is not a number from 0 to 1`,
    )
  }
  return { name, ratio }
}

/** An endpoint is read by the exporter at its first export, too late to stop a start: so it is looked at here. */
function checkExporterVariables(env: Environment): void {
  for (const part of ['', 'TRACES_', 'METRICS_', 'LOGS_']) {
    const name = `OTEL_EXPORTER_OTLP_${part}ENDPOINT`
    const endpoint = envString(env, name)
    // gRPC also takes `host:port`.
    const url = endpoint?.includes('://') === false ? `http://${endpoint}` : endpoint
    if (url !== undefined && !URL.canParse(url)) {
      throw new StartError('AGENTEL_ENVIRONMENT_INVALID_VALUE', name, `${name} is not a URL: use http://host:4318`)
    }
    envInteger(env, `OTEL_EXPORTER_OTLP_${part}TIMEOUT`, 1)
    envChoice(env, `OTEL_EXPORTER_OTLP_${part}COMPRESSION`, ['gzip', 'none'])
    envBoolean(env, `OTEL_EXPORTER_OTLP_${part}INSECURE`)
  }
}

/** Whether hooks of any kind are wanted at all: neither `OTEL_SDK_DISABLED` nor `AGENTEL_DISABLED` is `true`. */
export function isDisabled(env: Environment): boolean {
  return envBoolean(env, 'OTEL_SDK_DISABLED') === true || envBoolean(env, 'AGENTEL_DISABLED') === true
}

/** @throws {StartError} for the first variable that holds something that it does not take */
export function readOtelEnvironment(env: Environment): OtelSettings {
  checkExporterVariables(env)
  const histogram = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION'
  const histograms = ['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'] as const
  return {
    disabled: isDisabled(env),
    ...present<{ configFile?: string; logLevel?: LogLevel }>({
      configFile: envString(env, 'OTEL_CONFIG_FILE'),
      logLevel: envChoice(env, 'OTEL_LOG_LEVEL', LOG_LEVELS),
    }),
    exporters: {
      traces: readExporters(env, 'traces'),
      metrics: readExporters(env, 'metrics'),
      logs: readExporters(env, 'logs'),
    },
    sampler: readSampler(env),
    propagators: envChoices(env, 'OTEL_PROPAGATORS', PROPAGATORS) ?? ['tracecontext', 'baggage'],
    spanBatch: readBatch(env, 'OTEL_BSP'),
    logBatch: readBatch(env, 'OTEL_BLRP'),
    metricInterval: present({
      exportIntervalMillis: envInteger(env, 'OTEL_METRIC_EXPORT_INTERVAL', 1),
      exportTimeoutMillis: envInteger(env, 'OTEL_METRIC_EXPORT_TIMEOUT', 1),
    }),
    temporality: envChoice(env, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', TEMPORALITIES) ?? 'cumulative',
    histogramAggregation: envChoice(env, histogram, histograms) ?? 'explicit_bucket_histogram',
    limits: readLimits(env),
    prometheus: present({
      host: envString(env, 'OTEL_EXPORTER_PROMETHEUS_HOST'),
      port: envInteger(env, 'OTEL_EXPORTER_PROMETHEUS_PORT'),
    }),
  }
}
