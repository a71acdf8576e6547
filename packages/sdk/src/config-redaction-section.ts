import { z } from 'zod'

/** A Presidio analyzer, which is asked about what people and models have said. */
const presidioSection = z
  .strictObject({
    url: z
      .url()
      .optional()
      .describe(
        'Address of a Presidio analyzer that is asked for names, places and other personal data before spans and log records are exported. Nothing of the application waits for it.',
      )
      .meta({ env: 'AGENTEL_REDACTION_PRESIDIO_URL' }),
    language: z
      .string()
      .min(2)
      .default('en')
      .describe('Language of the texts.')
      .meta({ env: 'AGENTEL_REDACTION_PRESIDIO_LANGUAGE' }),
    entities: z
      .array(z.string())
      .optional()
      .describe('Kinds that it looks for, such as `PERSON`, `LOCATION`; by default all that it knows.')
      .meta({ env: 'AGENTEL_REDACTION_PRESIDIO_ENTITIES' }),
    scoreThreshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('What it is less certain of is not told, 0 to 1.')
      .meta({ env: 'AGENTEL_REDACTION_PRESIDIO_SCORE_THRESHOLD' }),
    token: z
      .string()
      .min(1)
      .optional()
      .describe('What its requests carry as `Authorization: Bearer`. Never logged.')
      .meta({ env: 'AGENTEL_REDACTION_PRESIDIO_TOKEN', secret: true }),
  })
  .prefault({})

/** The section `redaction` of the configuration. */
export const redactionSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Take keys, credentials and personal data out of spans and log records before they leave the process.')
      .meta({ env: 'AGENTEL_REDACTION_ENABLED' }),
    mode: z
      .enum(['mask', 'hash', 'drop'])
      .default('mask')
      .describe(
        'What becomes of a finding: `[REDACTED:rule]`, the same with a keyed hash, or nothing at all is left of the attribute.',
      )
      .meta({ env: 'AGENTEL_REDACTION_MODE' }),
    hashKey: z
      .string()
      .min(16)
      .optional()
      .describe('Key of the hashes, at least 16 characters; needed by the mode `hash`. Never logged.')
      .meta({ env: 'AGENTEL_REDACTION_HASH_KEY', secret: true }),
    skipRules: z
      .array(z.enum(['key', 'credential', 'email', 'phone', 'card', 'iban', 'ssn', 'ip']))
      .default([])
      .describe('Rules that are switched off.')
      .meta({ env: 'AGENTEL_REDACTION_SKIP_RULES' }),
    keys: z
      .array(z.string())
      .default([])
      .describe('More names whose values are secret, such as `employee_number`.')
      .meta({ env: 'AGENTEL_REDACTION_KEYS' }),
    ignoreKeys: z
      .array(z.string())
      .default([])
      .describe('Attributes whose names look secret and are not.')
      .meta({ env: 'AGENTEL_REDACTION_IGNORE_KEYS' }),
    restricted: z
      .array(z.string())
      .default([])
      .describe('Attributes of access level restricted: left out, not masked. Exact names, or a beginning and `*`.')
      .meta({ env: 'AGENTEL_REDACTION_RESTRICTED' }),
    allow: z
      .array(z.string())
      .optional()
      .describe('Only these attributes leave the process, and are still searched. Exact names, or a beginning and `*`.')
      .meta({ env: 'AGENTEL_REDACTION_ALLOW' }),
    presidio: presidioSection,
    slowAttributes: z
      .array(z.string())
      .optional()
      .describe(
        'Attributes that slow detectors are asked about; by default those that hold what people and models have said. Exact names, or a beginning and `*`; `body` is the body of a log record.',
      )
      .meta({ env: 'AGENTEL_REDACTION_SLOW_ATTRIBUTES' }),
    timeoutMs: z
      .int()
      .min(1)
      .default(2000)
      .describe('How long a batch that is about to be exported waits for slow detectors, in ms.')
      .meta({ env: 'AGENTEL_REDACTION_TIMEOUT_MS' }),
    unanswered: z
      .enum(['withhold', 'pass'])
      .default('withhold')
      .describe('What becomes of texts about which slow detectors did not answer in time: they are withheld, or leave.')
      .meta({ env: 'AGENTEL_REDACTION_UNANSWERED' }),
  })
  .prefault({})
