import {
  envBoolean,
  envChoice,
  envChoices,
  envInteger,
  envString,
  firstOf,
  type Environment,
} from './environment-reader.ts'
import {
  DETECTORS,
  LOG_LEVELS,
  present,
  PROPAGATORS,
  PROTOCOLS,
  TEMPORALITIES,
  type BatchSettings,
  type ExporterSettings,
  type LimitSettings,
  type OtelSettings,
  type SamplerSettings,
  type Signal,
} from './otel-settings.ts'
import { StartError } from './start-error.ts'

type ExporterName = ExporterSettings['name'] | 'none'

const EXPORTERS: Record<Signal, readonly ExporterName[]> = {
  traces: ['otlp', 'console', 'none'],
  metrics: ['otlp', 'console', 'prometheus', 'none'],
  logs: ['otlp', 'console', 'none'],
}

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

function readBatch(env: Environment, prefix: string): BatchSettings {
  return present<BatchSettings>({
    scheduledDelayMillis: envInteger(env, `${prefix}_SCHEDULE_DELAY`),
    exportTimeoutMillis: envInteger(env, `${prefix}_EXPORT_TIMEOUT`, 1),
    maxQueueSize: envInteger(env, `${prefix}_MAX_QUEUE_SIZE`, 1),
    maxExportBatchSize: envInteger(env, `${prefix}_MAX_EXPORT_BATCH_SIZE`, 1),
  })
}

function readReader(env: Environment): ExporterSettings['reader'] {
  const histogram = envChoice(env, 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', [
    'explicit_bucket_histogram',
    'base2_exponential_bucket_histogram',
  ])
  return {
    ...present<{ exportIntervalMillis?: number; exportTimeoutMillis?: number }>({
      exportIntervalMillis: envInteger(env, 'OTEL_METRIC_EXPORT_INTERVAL', 1),
      exportTimeoutMillis: envInteger(env, 'OTEL_METRIC_EXPORT_TIMEOUT', 1),
    }),
    temporality: envChoice(env, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', TEMPORALITIES) ?? 'cumulative',
    exponentialHistograms: histogram === 'base2_exponential_bucket_histogram',
  }
}

function readExporters(env: Environment, signal: Signal): ExporterSettings[] {
  const upper = signal.toUpperCase()
  const names = envChoices(env, `OTEL_${upper}_EXPORTER`, EXPORTERS[signal]) ?? ['otlp']
  const variables = [`OTEL_EXPORTER_OTLP_${upper}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL']
  const protocol = firstOf(variables, (name) => envChoice(env, name, PROTOCOLS)) ?? 'http/protobuf'
  const batch = readBatch(env, signal === 'logs' ? 'OTEL_BLRP' : 'OTEL_BSP')
  const listen = present<ExporterSettings['listen']>({
    host: envString(env, 'OTEL_EXPORTER_PROMETHEUS_HOST'),
    port: envInteger(env, 'OTEL_EXPORTER_PROMETHEUS_PORT'),
  })
  const reader = readReader(env)
  return [...new Set(names)].flatMap((name): ExporterSettings[] =>
    name === 'none' || names.includes('none')
      ? []
      : [{ name, protocol, otlp: {}, batch: name === 'console' ? 'simple' : batch, reader, listen }],
  )
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

function readSampler(env: Environment): SamplerSettings {
  const name = envChoice(env, 'OTEL_TRACES_SAMPLER', SAMPLERS) ?? 'parentbased_always_on'
  const root = name.replace('parentbased_', '') as 'always_on' | 'always_off' | 'traceidratio'
  const sampler: SamplerSettings = root === 'traceidratio' ? { name: root, ratio: readRatio(env) } : { name: root }
  return name.startsWith('parentbased_') ? { name: 'parentbased', root: sampler } : sampler
}

function readRatio(env: Environment): number {
  const name = 'OTEL_TRACES_SAMPLER_ARG'
  const argument = envString(env, name)
  const ratio = Number(argument ?? 1)
  if (ratio >= 0 && ratio <= 1) return ratio
  const message = `${name}=${JSON.stringify(argument)} is not a number from 0 to 1`
  throw new StartError('AGENTEL_ENVIRONMENT_INVALID_VALUE', name, message)
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

function readDetectors(env: Environment): OtelSettings['resource']['detectors'] {
  const names = envChoices(env, 'OTEL_NODE_RESOURCE_DETECTORS', ['all', 'none', ...DETECTORS]) ?? ['all']
  return names.includes('all') ? DETECTORS : DETECTORS.filter((name) => names.includes(name))
}

/** Whether hooks of any kind are wanted at all: neither `OTEL_SDK_DISABLED` nor `AGENTEL_DISABLED` is `true`. */
export function isDisabled(env: Environment): boolean {
  return envBoolean(env, 'OTEL_SDK_DISABLED') === true || envBoolean(env, 'AGENTEL_DISABLED') === true
}

/** @throws {StartError} for the first variable that holds something that it does not take */
export function readOtelEnvironment(env: Environment): OtelSettings {
  checkExporterVariables(env)
  const logLevel = envChoice(env, 'OTEL_LOG_LEVEL', LOG_LEVELS)
  return {
    disabled: isDisabled(env),
    ...(logLevel === undefined ? {} : { logLevel }),
    resource: { detectors: readDetectors(env), attributes: {} },
    exporters: {
      traces: readExporters(env, 'traces'),
      metrics: readExporters(env, 'metrics'),
      logs: readExporters(env, 'logs'),
    },
    sampler: readSampler(env),
    propagators: envChoices(env, 'OTEL_PROPAGATORS', PROPAGATORS) ?? ['tracecontext', 'baggage'],
    limits: readLimits(env),
  }
}
