import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import { profileDefaults, type AgentelConfig } from './generated/config-fields.ts'
import { SIGNALS, type ExporterSettings, type OtelSettings, type Protocol, type Signal } from './otel-settings.ts'

/** The base endpoint as a signal's own: HTTP has a path per signal, gRPC has none. */
export function signalUrl(endpoint: string, protocol: Protocol, signal: Signal): string {
  return protocol === 'grpc' ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/${signal}`
}

function withConfig(exporter: ExporterSettings, signal: Signal, config: AgentelConfig): ExporterSettings {
  const profile = profileDefaults[config.profile ?? 'production']
  const { endpoint, headers, timeoutMs, protocol = exporter.protocol } = config.otlp
  const { batch, reader } = exporter
  const interval = config.export.metricIntervalMs ?? reader.exportIntervalMillis ?? profile['export.metricIntervalMs']
  return {
    ...exporter,
    protocol,
    otlp: {
      ...exporter.otlp,
      ...(endpoint === undefined ? {} : { url: signalUrl(endpoint, protocol, signal) }),
      ...(headers === undefined ? {} : { headers: { ...headers } }),
      ...(timeoutMs === undefined ? {} : { timeoutMillis: timeoutMs }),
    },
    batch:
      batch === 'simple'
        ? batch
        : {
            ...batch,
            scheduledDelayMillis: config.export.delayMs ?? batch.scheduledDelayMillis ?? profile['export.delayMs'],
          },
    reader: {
      ...reader,
      exportIntervalMillis: interval,
      // The SDK refuses a timeout that is longer than the interval.
      exportTimeoutMillis: Math.min(reader.exportTimeoutMillis ?? 30_000, interval),
    },
  }
}

/** The endpoint in this process: as the options say, over what the variables or the file say of it. */
function withPrometheus(
  metrics: readonly ExporterSettings[],
  { enabled, ...listen }: AgentelConfig['prometheus'],
): ExporterSettings[] {
  const all = metrics.map((one) => (one.name === 'prometheus' ? { ...one, listen: { ...one.listen, ...listen } } : one))
  if (!enabled || all.some(({ name }) => name === 'prometheus')) return all
  const reader = { temporality: 'cumulative', exponentialHistograms: false } as const
  return [
    ...all,
    {
      name: 'prometheus',
      protocol: 'http/protobuf',
      otlp: {},
      batch: {},
      reader,
      listen: { ...metrics[0]?.listen, ...listen },
    },
  ]
}

/** The options over the settings of `OTEL_*` or the file, and the profile's defaults under them. */
export function applyConfig(settings: OtelSettings, config: AgentelConfig): OtelSettings {
  const exporters = { ...settings.exporters, metrics: withPrometheus(settings.exporters.metrics, config.prometheus) }
  for (const signal of SIGNALS) exporters[signal] = exporters[signal].map((one) => withConfig(one, signal, config))
  const name = config.serviceName === undefined ? {} : { [ATTR_SERVICE_NAME]: config.serviceName }
  const attributes = { ...settings.resource.attributes, ...config.resourceAttributes, ...name }
  return { ...settings, exporters, resource: { ...settings.resource, attributes } }
}
