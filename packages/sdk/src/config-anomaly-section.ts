import { z } from 'zod'

/** Options of the anomaly processor. */
export const anomalySection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Watch what agents do, and say once when something begins to be wrong and once when it is over.')
      .meta({ env: 'AGENTEL_ANOMALY_ENABLED' }),
    sensitivity: z
      .number()
      .min(0.1)
      .max(10)
      .default(1)
      .describe('2 needs half the evidence, 0.5 twice as much.')
      .meta({ env: 'AGENTEL_ANOMALY_SENSITIVITY' }),
    skipSignals: z
      .array(z.string())
      .default([])
      .describe('Signals that are not watched, by name.')
      .meta({ env: 'AGENTEL_ANOMALY_SKIP_SIGNALS' }),
    strictness: z
      .array(z.string())
      .default([])
      .describe('Evidence that single signals need, as a factor: `duration=2` needs twice as much, `silence=0.5` half.')
      .meta({ env: 'AGENTEL_ANOMALY_STRICTNESS' }),
    maxAgents: z
      .int()
      .min(1)
      .default(200)
      .describe('Agents that are watched; the one that was quiet longest goes first.')
      .meta({ env: 'AGENTEL_ANOMALY_MAX_AGENTS' }),
    stateFile: z
      .string()
      .min(1)
      .optional()
      .describe('Where what was learned is kept over a restart; used by the main thread alone.')
      .meta({ env: 'AGENTEL_ANOMALY_STATE_FILE' }),
  })
  .prefault({})
