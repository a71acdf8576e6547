import { profileDefaults, type AgentelConfig } from './generated/config-fields.ts'
import { SIGNALS, type BatchSettings, type OtelSettings } from './otel-environment.ts'

/** The options over `OTEL_*`, and the profile's defaults under it. */
export function applyConfig(settings: OtelSettings, config: AgentelConfig): OtelSettings {
  const profile = profileDefaults[config.profile]
  const { protocol } = config.otlp
  const batch = (of: BatchSettings): BatchSettings => ({
    ...of,
    scheduledDelayMillis: config.export.delayMs ?? of.scheduledDelayMillis ?? profile.exportDelayMs,
  })
  const interval =
    config.export.metricIntervalMs ?? settings.metricInterval.exportIntervalMillis ?? profile.metricIntervalMs
  const timeout = settings.metricInterval.exportTimeoutMillis ?? 30_000
  const exporters = { ...settings.exporters }
  if (protocol) {
    for (const signal of SIGNALS) exporters[signal] = exporters[signal].map((exporter) => ({ ...exporter, protocol }))
  }
  return {
    ...settings,
    exporters,
    spanBatch: batch(settings.spanBatch),
    logBatch: batch(settings.logBatch),
    // The SDK refuses a timeout that is longer than the interval.
    metricInterval: { exportIntervalMillis: interval, exportTimeoutMillis: Math.min(timeout, interval) },
  }
}
