import {
  parseConfigFile,
  mergeHeadersConfig,
  mergePropagatorCompositeConfig,
  mergeResourceAttributesConfig,
  type ConfigurationModel,
} from '@opentelemetry/configuration'
import type { AttributeValue } from '@opentelemetry/api'
import {
  present,
  PROPAGATORS,
  type BatchSettings,
  type DetectorName,
  type ExporterSettings,
  type LimitSettings,
  type LogLevel,
  type OtelSettings,
  type OtlpSettings,
  type PropagatorName,
  type SamplerSettings,
} from './otel-settings.ts'
import { only, unknownComponent, type Component } from './file-component.ts'
import { readConfigText } from './config-text.ts'
import { StartError } from './start-error.ts'
import { viewsOf } from './file-views.ts'
import type { ViewOptions } from '@opentelemetry/sdk-metrics'

/** What a configuration file says. */
export interface FileSettings {
  otel: OtelSettings
  /** `instrumentation/development.js.agentel`, not checked yet. */
  section: unknown
  views: ViewOptions[]
}

interface OtlpModel {
  endpoint?: string | null
  headers?: Parameters<typeof mergeHeadersConfig>[0]
  headers_list?: string | null
  compression?: string | null
  timeout?: number | null
  encoding?: 'protobuf' | 'json' | null
  tls?: {
    ca_file?: string | null
    key_file?: string | null
    cert_file?: string | null
    insecure?: boolean | null
  } | null
  temporality_preference?: 'cumulative' | 'delta' | 'low_memory' | null
  default_histogram_aggregation?: string | null
}

interface BatchModel {
  schedule_delay?: number | null
  export_timeout?: number | null
  max_queue_size?: number | null
  max_export_batch_size?: number | null
  exporter: Component
}

function otlpOf(model: OtlpModel): OtlpSettings {
  const { tls } = model
  return present<OtlpSettings>({
    url: model.endpoint,
    headers: mergeHeadersConfig(model.headers, model.headers_list),
    timeoutMillis: model.timeout,
    compression: model.compression as 'gzip' | 'none' | null | undefined,
    tls: tls
      ? present<NonNullable<OtlpSettings['tls']>>({
          caFile: tls.ca_file,
          keyFile: tls.key_file,
          certFile: tls.cert_file,
          insecure: tls.insecure,
        })
      : undefined,
  })
}

function exporterOf(component: Component, path: string): ExporterSettings {
  const [name, value] = only(component, path)
  const model = (value ?? {}) as OtlpModel
  const base = {
    otlp: otlpOf(model),
    batch: {} as BatchSettings,
    listen: {},
    reader: {
      temporality:
        model.temporality_preference === 'low_memory'
          ? ('lowmemory' as const)
          : (model.temporality_preference ?? 'cumulative'),
      exponentialHistograms: model.default_histogram_aggregation === 'base2_exponential_bucket_histogram',
    },
  }
  switch (name) {
    case 'otlp_http':
      return { name: 'otlp', protocol: model.encoding === 'json' ? 'http/json' : 'http/protobuf', ...base }
    case 'otlp_grpc':
      return { name: 'otlp', protocol: 'grpc', ...base }
    case 'console':
      return { name: 'console', protocol: 'http/protobuf', ...base }
    default:
      return unknownComponent(`${path}.${name}`, ['otlp_http', 'otlp_grpc', 'console'])
  }
}

/** A span or log record processor: one exporter and what is in front of it. */
function processorOf(component: Component, path: string): ExporterSettings {
  const [name, value] = only(component, path)
  const model = (value ?? {}) as BatchModel
  const exporterPath = `${path}.${name}.exporter`
  if (name === 'simple') return { ...exporterOf(model.exporter, exporterPath), batch: 'simple' }
  if (name !== 'batch') return unknownComponent(`${path}.${name}`, ['batch', 'simple'])
  const batch = present<BatchSettings>({
    scheduledDelayMillis: model.schedule_delay,
    exportTimeoutMillis: model.export_timeout,
    maxQueueSize: model.max_queue_size,
    maxExportBatchSize: model.max_export_batch_size,
  })
  return { ...exporterOf(model.exporter, exporterPath), batch }
}

function readerOf(component: Component, path: string): ExporterSettings {
  const [name, value] = only(component, path)
  const model = value as { interval?: number | null; timeout?: number | null; exporter: Component }
  if (name === 'periodic') {
    const exporter = exporterOf(model.exporter, `${path}.periodic.exporter`)
    const times = present<{ exportIntervalMillis?: number; exportTimeoutMillis?: number }>({
      exportIntervalMillis: model.interval,
      exportTimeoutMillis: model.timeout,
    })
    return { ...exporter, reader: { ...exporter.reader, ...times } }
  }
  const [pulled, options] = only(model.exporter, `${path}.pull.exporter`)
  if (pulled !== 'prometheus/development') {
    return unknownComponent(`${path}.pull.exporter.${pulled}`, ['prometheus/development'])
  }
  const { host, port } = (options ?? {}) as { host?: string | null; port?: number | null }
  return {
    name: 'prometheus',
    protocol: 'http/protobuf',
    otlp: {},
    batch: {},
    reader: { temporality: 'cumulative', exponentialHistograms: false },
    listen: present<ExporterSettings['listen']>({ host, port }),
  }
}

const BRANCHES = {
  remoteParentSampled: 'remote_parent_sampled',
  remoteParentNotSampled: 'remote_parent_not_sampled',
  localParentSampled: 'local_parent_sampled',
  localParentNotSampled: 'local_parent_not_sampled',
} as const

function samplerOf(component: Component, path: string): SamplerSettings {
  const [name, value] = only(component, path)
  const model = (value ?? {}) as Record<string, unknown>
  switch (name) {
    case 'always_on':
    case 'always_off':
      return { name }
    case 'trace_id_ratio_based':
      return { name: 'traceidratio', ratio: (model.ratio as number | null | undefined) ?? 1 }
    case 'parent_based': {
      const child = (key: string) =>
        model[key] == null ? undefined : samplerOf(model[key] as Component, `${path}.parent_based.${key}`)
      const branches = Object.entries(BRANCHES).map(([ours, theirs]) => [ours, child(theirs)])
      return present({
        name: 'parentbased',
        root: child('root') ?? { name: 'always_on' },
        ...Object.fromEntries(branches),
      })
    }
    default:
      return unknownComponent(`${path}.${name}`, ['always_on', 'always_off', 'trace_id_ratio_based', 'parent_based'])
  }
}

function propagatorsOf({ propagator }: ConfigurationModel): PropagatorName[] {
  const composite = mergePropagatorCompositeConfig(propagator?.composite, propagator?.composite_list) ?? []
  return composite.map((component, index) => {
    const [name] = only(component, `propagator.composite[${index}]`)
    return (
      PROPAGATORS.find((one) => one === name) ?? unknownComponent(`propagator.composite[${index}].${name}`, PROPAGATORS)
    )
  })
}

const DETECTOR_NAMES: Record<string, DetectorName[]> = {
  host: ['host', 'os'],
  process: ['process'],
  service: ['env', 'serviceinstance'],
  env: ['env'],
}

function resourceOf({ resource }: ConfigurationModel): OtelSettings['resource'] {
  const path = 'resource.detection/development.detectors'
  const detectors = (resource?.['detection/development']?.detectors ?? []).flatMap((component, index) => {
    const [name] = only(component, `${path}[${index}]`)
    return DETECTOR_NAMES[name] ?? unknownComponent(`${path}[${index}].${name}`, Object.keys(DETECTOR_NAMES))
  })
  const attributes = mergeResourceAttributesConfig(resource?.attributes, resource?.attributes_list) ?? []
  return {
    detectors,
    attributes: Object.fromEntries(
      attributes.flatMap(({ name, value }) => (value === null ? [] : [[name, value as AttributeValue]])),
    ),
  }
}

function limitsOf(model: ConfigurationModel): LimitSettings {
  const all = model.attribute_limits
  const span = model.tracer_provider?.limits
  const log = model.logger_provider?.limits
  return {
    span: present<LimitSettings['span']>({
      attributeValueLengthLimit: span?.attribute_value_length_limit ?? all?.attribute_value_length_limit,
      attributeCountLimit: span?.attribute_count_limit ?? all?.attribute_count_limit,
      eventCountLimit: span?.event_count_limit,
      linkCountLimit: span?.link_count_limit,
      attributePerEventCountLimit: span?.event_attribute_count_limit,
      attributePerLinkCountLimit: span?.link_attribute_count_limit,
    }),
    logRecord: present<LimitSettings['logRecord']>({
      attributeValueLengthLimit: log?.attribute_value_length_limit ?? all?.attribute_value_length_limit,
      attributeCountLimit: log?.attribute_count_limit ?? all?.attribute_count_limit,
    }),
  }
}

/** The api's levels for the file's twenty-four. */
function logLevelOf(severity: string | null | undefined): LogLevel | undefined {
  const name = severity?.replace(/\d$/, '').toUpperCase()
  return { TRACE: 'VERBOSE', DEBUG: 'DEBUG', INFO: 'INFO', WARN: 'WARN', ERROR: 'ERROR', FATAL: 'ERROR' }[
    name ?? ''
  ] as LogLevel | undefined
}

function otelOf(model: ConfigurationModel): OtelSettings {
  const { tracer_provider: tracer, meter_provider: meter, logger_provider: logger } = model
  const logLevel = logLevelOf(model.log_level)
  return {
    disabled: model.disabled === true,
    ...(logLevel === undefined ? {} : { logLevel }),
    resource: resourceOf(model),
    exporters: {
      traces: (tracer?.processors ?? []).map((one, index) =>
        processorOf(one as Component, `tracer_provider.processors[${index}]`),
      ),
      metrics: (meter?.readers ?? []).map((one, index) =>
        readerOf(one as Component, `meter_provider.readers[${index}]`),
      ),
      logs: (logger?.processors ?? []).map((one, index) =>
        processorOf(one as Component, `logger_provider.processors[${index}]`),
      ),
    },
    sampler: tracer?.sampler
      ? samplerOf(tracer.sampler as Component, 'tracer_provider.sampler')
      : { name: 'parentbased', root: { name: 'always_on' } },
    propagators: propagatorsOf(model),
    limits: limitsOf(model),
  }
}

/**
 * Reads the file of `OTEL_CONFIG_FILE`: OpenTelemetry's declarative configuration, with our section in it. Loaded only
 * where such a file is named, for its parser costs 47 ms of CPU.
 *
 * @throws {StartError} when it cannot be read, does not follow the schema, or names a component that is not here
 */
export function readConfigFile(file: string): FileSettings {
  let model: ConfigurationModel
  try {
    readConfigText(file)
    model = parseConfigFile(file)
  } catch (error) {
    const message = `OTEL_CONFIG_FILE=${file}: ${error instanceof Error ? error.message : String(error)}`
    throw new StartError('AGENTEL_CONFIG_FILE_UNREADABLE', 'OTEL_CONFIG_FILE', message)
  }
  const js = model['instrumentation/development']?.js as Record<string, unknown> | null | undefined
  return { otel: otelOf(model), section: js?.agentel, views: viewsOf(model.meter_provider?.views ?? []) }
}
