import { z } from 'zod'

/** From where on something is degraded, or unhealthy. */
const thresholds = {
  degradedBelow: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe('Share of runs that succeed, below which an agent or a worker is degraded.')
    .meta({ env: 'AGENTEL_HEALTH_DEGRADED_BELOW' }),
  unhealthyBelow: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('The same for unhealthy (a worker: failed).')
    .meta({ env: 'AGENTEL_HEALTH_UNHEALTHY_BELOW' }),
  degradedAboveMs: z
    .number()
    .min(0)
    .default(5000)
    .describe('Response time in ms, of a ping and the p95 of model calls, above which an agent is degraded.')
    .meta({ env: 'AGENTEL_HEALTH_DEGRADED_ABOVE_MS' }),
  unhealthyAboveMs: z
    .number()
    .min(0)
    .default(10_000)
    .describe('The same for unhealthy.')
    .meta({ env: 'AGENTEL_HEALTH_UNHEALTHY_ABOVE_MS' }),
}

/** The section `health` of the configuration. */
export const healthSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Watch how agents and workers are: their state as metrics, its changes as events.')
      .meta({ env: 'AGENTEL_HEALTH_ENABLED' }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('Port of `/livez`, `/readyz` and `/healthz`; 0 takes any. Without it nothing listens.')
      .meta({ env: 'AGENTEL_HEALTH_PORT' }),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address that it listens on; beyond loopback a token is needed.')
      .meta({ env: 'AGENTEL_HEALTH_HOST' }),
    token: z
      .string()
      .min(16)
      .optional()
      .describe('What requests must carry as `Authorization: Bearer`, at least 16 characters. Never logged.')
      .meta({ env: 'AGENTEL_HEALTH_TOKEN', secret: true }),
    endpoints: z
      .array(z.string())
      .default([])
      .describe(
        'Addresses without which the process is not ready: a model, an MCP server. Any answer below 500 will do.',
      )
      .meta({ env: 'AGENTEL_HEALTH_ENDPOINTS' }),
    intervalMs: z
      .int()
      .min(100)
      .default(30_000)
      .describe('Time in ms between two looks.')
      .meta({ env: 'AGENTEL_HEALTH_INTERVAL_MS' }),
    windowMinutes: z
      .number()
      .min(0.1)
      .default(60)
      .describe('How far back runs count, in minutes.')
      .meta({ env: 'AGENTEL_HEALTH_WINDOW_MINUTES' }),
    minimumRuns: z
      .int()
      .min(1)
      .default(10)
      .describe('With fewer runs than this, no share and no percentile is judged.')
      .meta({ env: 'AGENTEL_HEALTH_MINIMUM_RUNS' }),
    ...thresholds,
  })
  .prefault({})
