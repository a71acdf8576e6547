import { z } from 'zod'

/** The section `cost` of the configuration. */
export const costSection = z
  .strictObject({
    prices: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a JSON or YAML file with own prices, which win over the table.')
      .meta({ env: 'AGENTEL_COST_PRICES' }),
    refresh: z
      .string()
      .min(1)
      .optional()
      .describe('Path or URL of a newer price table; without it none is ever looked for, and never at the start.')
      .meta({ env: 'AGENTEL_COST_REFRESH' }),
    refreshHours: z
      .number()
      .min(0.01)
      .max(590)
      .default(24)
      .describe('Hours between two looks at it, the first one after so many.')
      .meta({ env: 'AGENTEL_COST_REFRESH_HOURS' }),
  })
  .prefault({})
