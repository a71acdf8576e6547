import { z } from 'zod'

/** The section `audit` of the configuration. */
export const auditSection = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('SQLite file to which the events of agents are written, hash-chained; without it nothing is audited.')
      .meta({ env: 'AGENTEL_AUDIT_FILE' }),
    synchronous: z
      .enum(['normal', 'full'])
      .default('normal')
      .describe('What a written event survives: `normal` the end of the process, `full` a power cut too.')
      .meta({ env: 'AGENTEL_AUDIT_SYNCHRONOUS' }),
    retentionDays: z
      .number()
      .min(0.01)
      .optional()
      .describe('Days that events are kept; without it, for ever.')
      .meta({ env: 'AGENTEL_AUDIT_RETENTION_DAYS' }),
    retentionRows: z
      .int()
      .min(1)
      .optional()
      .describe('Events that are kept, the newest; without it, all.')
      .meta({ env: 'AGENTEL_AUDIT_RETENTION_ROWS' }),
    durableFrom: z
      .enum(['warn', 'error', 'fatal'])
      .optional()
      .describe(
        'Severity from which an event is on disk before the application goes on, a millisecond later; without it, none is.',
      )
      .meta({ env: 'AGENTEL_AUDIT_DURABLE_FROM' }),
    events: z
      .array(z.string())
      .optional()
      .describe('Names of the events that are audited; without it, those in the README of @agentel/audit.')
      .meta({ env: 'AGENTEL_AUDIT_EVENTS' }),
  })
  .prefault({})

/** The section `alerts` of the configuration. */
export const alertsSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'Evaluate alert rules in this process, over its own metrics. Leave it off where a console or Prometheus does.',
      )
      .meta({ env: 'AGENTEL_ALERTS_ENABLED' }),
    rules: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a YAML file with rules beside the standard ones, as the README of @agentel/alerts says.')
      .meta({ env: 'AGENTEL_ALERTS_RULES' }),
    store: z
      .string()
      .min(1)
      .optional()
      .describe('SQLite file in which alerts survive a restart; processes that share it tell of an alert once.')
      .meta({ env: 'AGENTEL_ALERTS_STORE' }),
    errorRate: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'Share of failed model calls above which the standard rule `error-rate` fires. Otherwise the profile says.',
      )
      .meta({ env: 'AGENTEL_ALERTS_ERROR_RATE' }),
    intervalMs: z
      .int()
      .min(100)
      .default(15_000)
      .describe('Time in ms between two evaluations.')
      .meta({ env: 'AGENTEL_ALERTS_INTERVAL_MS' }),
  })
  .prefault({})
