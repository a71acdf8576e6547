import { z } from 'zod'

/** The section `budgets` of the configuration. */
export const budgetsSection = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a JSON or YAML file with a list of budgets, as the README of @agentel/processor-cost says.')
      .meta({ env: 'AGENTEL_BUDGETS_FILE' }),
    store: z
      .string()
      .min(1)
      .optional()
      .describe('SQLite file in which spend survives a restart, and which processes of one machine share.')
      .meta({ env: 'AGENTEL_BUDGETS_STORE' }),
    server: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Redis or Valkey server by which processes of several machines share spend, such as `redis://host:6379`; in place of `store`. Never logged.',
      )
      .meta({ env: 'AGENTEL_BUDGETS_SERVER', secret: true }),
  })
  .prefault({})
