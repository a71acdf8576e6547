import { z } from 'zod'

/** The section `logging` of the configuration. */
export const loggingSection = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('File to which log records are appended, beside their export; without it none is written.')
      .meta({ env: 'AGENTEL_LOGGING_FILE' }),
    level: z
      .enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'])
      .default('INFO')
      .describe('Least severity of the records in that file.')
      .meta({ env: 'AGENTEL_LOGGING_LEVEL' }),
    maxFileSizeMb: z
      .number()
      .min(0.001)
      .default(100)
      .describe('Megabytes after which the file becomes `.1`, the one before `.2`, and so on.')
      .meta({ env: 'AGENTEL_LOGGING_MAX_FILE_SIZE_MB' }),
    backupCount: z
      .int()
      .min(0)
      .max(1000)
      .default(5)
      .describe('Such older files that are kept; with 0 a full file is begun anew.')
      .meta({ env: 'AGENTEL_LOGGING_BACKUP_COUNT' }),
    json: z
      .boolean()
      .default(true)
      .describe('A line of JSON for each record, or of text.')
      .meta({ env: 'AGENTEL_LOGGING_JSON' }),
    callerInfo: z
      .boolean()
      .default(false)
      .describe('Say on every record from which file, line and function of the application it comes; about 20 µs each.')
      .meta({ env: 'AGENTEL_LOGGING_CALLER_INFO' }),
  })
  .prefault({})
