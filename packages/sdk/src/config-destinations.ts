import { z } from 'zod'

/** The section `prometheus` of the configuration. */
export const prometheusSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'Show all metrics at `/metrics` on a port of their own, beside other exporters; as `OTEL_METRICS_EXPORTER=prometheus` does.',
      )
      .meta({ env: 'AGENTEL_PROMETHEUS_ENABLED' }),
    host: z
      .string()
      .min(1)
      .optional()
      .describe('Address to listen on. Otherwise `OTEL_EXPORTER_PROMETHEUS_HOST`, otherwise `localhost`.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('Port to listen on. Otherwise `OTEL_EXPORTER_PROMETHEUS_PORT`, otherwise 9464.'),
  })
  .prefault({})

/** The section `console` of the configuration: for `agentel console`, which reads the same file and environment. */
export const consoleSection = z
  .strictObject({
    retentionHours: z
      .number()
      .min(0.01)
      .optional()
      .describe(
        'Hours that `agentel console` keeps runs and logs. Otherwise those of a profile that is named, else 168.',
      )
      .meta({ env: 'AGENTEL_CONSOLE_RETENTION_HOURS' }),
    errorRetentionHours: z
      .number()
      .min(0.01)
      .default(720)
      .describe('Hours that it keeps failed runs, and the share of the others that it keeps as long.')
      .meta({ env: 'AGENTEL_CONSOLE_ERROR_RETENTION_HOURS' }),
    keepShare: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('Share of the runs that did not fail which it keeps as long as failed ones; by trace id.')
      .meta({ env: 'AGENTEL_CONSOLE_KEEP_SHARE' }),
    metricRetentionHours: z
      .number()
      .min(0.01)
      .default(168)
      .describe('Hours that it keeps points of metrics.')
      .meta({ env: 'AGENTEL_CONSOLE_METRIC_RETENTION_HOURS' }),
    cleanupIntervalMinutes: z
      .number()
      .min(0.01)
      .max(1440)
      .default(0.2)
      .describe('Minutes between two looks for what is to be deleted.')
      .meta({ env: 'AGENTEL_CONSOLE_CLEANUP_INTERVAL_MINUTES' }),
  })
  .prefault({})
