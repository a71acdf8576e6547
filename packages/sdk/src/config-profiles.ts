/** Environments for which one file may say different things. */
export const PROFILE_NAMES = ['development', 'staging', 'production'] as const

/** Defaults that differ by profile. `OTEL_*` variables and the options win over them. Keys are options' paths. */
export const profiles = {
  development: {
    'export.delayMs': 500,
    'export.metricIntervalMs': 5000,
    'console.retentionHours': 2,
    'alerts.errorRate': 0.1,
  },
  staging: {
    'export.delayMs': 2000,
    'export.metricIntervalMs': 30_000,
    'console.retentionHours': 12,
    'alerts.errorRate': 0.1,
  },
  production: {
    'export.delayMs': 5000,
    'export.metricIntervalMs': 60_000,
    'console.retentionHours': 48,
    'alerts.errorRate': 0.05,
  },
} as const
