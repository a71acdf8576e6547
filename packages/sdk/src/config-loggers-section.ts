import { z } from 'zod'

const share = (of: string, name: string) =>
  z.number().min(0).max(1).default(1).describe(`Share of the lines ${of} that are kept, 0 to 1.`).meta({ env: name })

/** The section `loggers` of the configuration. */
export const loggersSection = z
  .strictObject({
    include: z
      .array(z.enum(['pino', 'winston', 'console']))
      .default(['pino', 'winston'])
      .describe('Loggers whose lines become log records; what they write stays as it is.')
      .meta({ env: 'AGENTEL_LOGGERS' }),
    level: z
      .enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'])
      .default('INFO')
      .describe('Lines below this level are no records.')
      .meta({ env: 'AGENTEL_LOGGERS_LEVEL' }),
    sampleDebug: share('below info', 'AGENTEL_LOGGERS_SAMPLE_DEBUG'),
    sampleInfo: share('of info; warnings and errors are always kept', 'AGENTEL_LOGGERS_SAMPLE_INFO'),
  })
  .prefault({})
