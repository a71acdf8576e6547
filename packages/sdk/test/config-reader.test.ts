import { describe, expect, it } from 'vitest'
import { configSchema } from '../src/config-schema.ts'
import { inFile, readConfig } from '../src/config-reader.ts'
import { configFields, type ConfigOptions } from '../src/generated/config-fields.ts'
import { configOutputs } from '../scripts/config-outputs.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

function read(options: object, env: Record<string, string> = {}, file?: unknown) {
  return readConfig({ options: options as ConfigOptions, env, file })
}

function refusal(run: () => unknown): { code: string; option: string; message: string } {
  try {
    run()
  } catch (error) {
    const { code, option, message } = error as { code: string; option: string; message: string }
    return { code, option, message }
  }
  throw new Error('nothing was refused')
}

describe('the configuration', () => {
  it('has the defaults of the schema when nothing is said', () => {
    expect(read({})).toEqual(configSchema.parse({}))
  })

  it('prefers code to environment, environment to file, and file to default', () => {
    const file = { shutdown: { timeout_ms: 3, flush_on_exit: false }, profile: 'staging' }
    const env = { AGENTEL_SHUTDOWN_TIMEOUT_MS: '2', AGENTEL_PROFILE: 'development' }
    expect(read({}, {}, file).shutdown.timeoutMs).toBe(3)
    expect(read({}, env, file).shutdown.timeoutMs).toBe(2)
    expect(read({ shutdown: { timeoutMs: 1 } }, env, file)).toMatchObject({
      shutdown: { timeoutMs: 1, flushOnExit: false },
      profile: 'development',
    })
  })

  it('takes every option from code, and every option but maps from the file in snake case', () => {
    const examples: Record<string, unknown> = {
      boolean: true,
      string: 'a string long enough',
      url: 'http://h:1',
      map: { a: 'b' },
      strings: ['a'],
    }
    for (const field of configFields) {
      const number = Math.min(field.max ?? Infinity, Math.max(field.min ?? 7, 7))
      Object.assign(examples, { integer: number, number })
      const value =
        field.kind === 'choice' ? field.choices?.[0] : field.kind === 'choices' ? field.choices : examples[field.kind]
      const nest = (path: string) =>
        path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object
      const at = (config: unknown) =>
        field.path.split('.').reduce((group, key) => (group as Record<string, unknown>)[key], config)
      expect(at(read(nest(field.path)))).toEqual(value)
      expect(at(read({}, {}, nest(inFile(field.path))))).toEqual(value)
      expect(() => configSchema.parse(nest(field.path))).not.toThrow()
    }
  })

  it('takes what a layer says for the profile in force before what it says for all, and no other profile', () => {
    const file = {
      profile: 'staging',
      shutdown: { timeout_ms: 1, exit_timeout_ms: 2 },
      profiles: { staging: { shutdown: { timeout_ms: 3 } }, production: { shutdown: { exit_timeout_ms: 4 } } },
    }
    expect(read({}, {}, file).shutdown).toMatchObject({ timeoutMs: 3, exitTimeoutMs: 2 })
    expect(read({}, { AGENTEL_PROFILE: 'production' }, file).shutdown).toMatchObject({ timeoutMs: 1, exitTimeoutMs: 4 })
    expect(read({ profile: 'development' }, {}, file).shutdown).toMatchObject({ timeoutMs: 1, exitTimeoutMs: 2 })
    const { profile: _none, ...unnamed } = file
    expect(read({}, {}, unnamed).shutdown).toMatchObject({ timeoutMs: 1, exitTimeoutMs: 4 })
    expect(read({}, { AGENTEL_SHUTDOWN_TIMEOUT_MS: '5' }, file).shutdown.timeoutMs).toBe(5)
  })

  it('takes what has no value for what was not said', () => {
    expect(
      read({ serviceName: undefined, shutdown: { timeoutMs: undefined }, profiles: { staging: undefined } }),
    ).toEqual(read({}))
    const file = { service_name: null, shutdown: { timeout_ms: null }, export: null, profiles: { production: null } }
    expect(read({}, {}, file)).toEqual(read({}))
    expect(read({}, {}, { profiles: null })).toEqual(read({}))
    expect(read({}, { AGENTEL_SHUTDOWN_TIMEOUT_MS: '', AGENTEL_INSTRUMENTATIONS: ' ' })).toEqual(read({}))
  })

  it('takes a list of a variable by its words, and none for an empty one', () => {
    const { instrumentations: given } = read({}, { AGENTEL_INSTRUMENTATIONS: ' openai,, anthropic ,' })
    expect(given).toEqual({ include: ['openai', 'anthropic'] })
    expect(read({}, { AGENTEL_INSTRUMENTATIONS: 'none' }).instrumentations).toEqual({ include: [] })
  })

  it('says the same as an object, as a file and, of one environment, as variables', () => {
    const options = {
      profile: 'staging',
      prometheus: { enabled: true },
      profiles: { staging: { console: { retentionHours: 6 } }, production: { alerts: { errorRate: 0.02 } } },
    }
    const file = {
      profile: 'staging',
      prometheus: { enabled: true },
      profiles: { staging: { console: { retention_hours: 6 } }, production: { alerts: { error_rate: 0.02 } } },
    }
    const env = {
      AGENTEL_PROFILE: 'staging',
      AGENTEL_PROMETHEUS_ENABLED: 'true',
      AGENTEL_CONSOLE_RETENTION_HOURS: '6',
    }
    expect(read({}, {}, file)).toEqual(read(options))
    expect(read({}, env)).toEqual(read(options))
  })

  it.each([
    [{ profiles: { test: {} } }, 'profiles.test', 'is not a profile; there are: development, staging, production'],
    [
      { profiles: { staging: { shutdown: { timeout: 1 } } } },
      'profiles.staging.shutdown.timeout',
      'is not an option; there are: flushOnExit, timeoutMs, exitTimeoutMs',
    ],
    [{ profiles: { staging: { profile: 'production' } } }, 'profiles.staging.profile', 'which cannot choose another'],
    [{ profiles: { staging: 3 } }, 'profiles.staging', 'is not a group of options'],
    [{ profiles: [] }, 'profiles', 'is not a group of options'],
    [
      { profiles: { staging: { alerts: { errorRate: 2 } } } },
      'profiles.staging.alerts.errorRate',
      'is 2, which is not a number from 0 to 1',
    ],
  ])('refuses the profiles %j by their path', (options, option, message) => {
    const refused = refusal(() => read(options))
    expect(refused.option).toBe(option)
    expect(refused.message).toContain(
      `option ${option} ${message.startsWith('which') ? 'is in a profile, ' : ''}${message}`,
    )
  })

  it('names the path of an unknown key, in the spelling of where it stands', () => {
    expect(refusal(() => read({ shutdown: { timeout: 1 } }))).toEqual({
      code: 'AGENTEL_CONFIG_UNKNOWN_KEY',
      option: 'shutdown.timeout',
      message:
        'AGENTEL_CONFIG_UNKNOWN_KEY: option shutdown.timeout is not an option; there are: flushOnExit, timeoutMs, exitTimeoutMs; did you mean "timeoutMs"?',
    })
    expect(refusal(() => read({}, {}, { shutdown: { timeoutMs: 1 } }))).toEqual({
      code: 'AGENTEL_CONFIG_UNKNOWN_KEY',
      option: 'shutdown.timeoutMs',
      message:
        'AGENTEL_CONFIG_UNKNOWN_KEY: instrumentation/development.js.agentel.shutdown.timeoutMs is not an option; there are: flush_on_exit, timeout_ms, exit_timeout_ms; did you mean "timeout_ms"?',
    })
  })

  it('names the variable whose value is wrong, and what it takes', () => {
    expect(refusal(() => read({}, { AGENTEL_SHUTDOWN_TIMEOUT_MS: 'soon' }))).toEqual({
      code: 'AGENTEL_ENVIRONMENT_INVALID_VALUE',
      option: 'AGENTEL_SHUTDOWN_TIMEOUT_MS',
      message:
        'AGENTEL_ENVIRONMENT_INVALID_VALUE: AGENTEL_SHUTDOWN_TIMEOUT_MS="soon" is not a whole number of at least 1',
    })
    expect(refusal(() => read({}, { AGENTEL_PROFILE: 'prod' })).message).toContain(
      'one of development, staging, production',
    )
    expect(refusal(() => read({}, { AGENTEL_HOST_METRICS_ENABLED: 'maybe' })).option).toBe(
      'AGENTEL_HOST_METRICS_ENABLED',
    )
    expect(refusal(() => read({}, { AGENTEL_INSTRUMENTATIONS: 'openai,cohere' })).option).toBe(
      'AGENTEL_INSTRUMENTATIONS',
    )
  })

  it.each([
    ['1', true],
    ['no', false],
  ])('understands %j of a switch of ours', (word, enabled) => {
    expect(read({}, { AGENTEL_HOST_METRICS_ENABLED: word }).hostMetrics.enabled).toBe(enabled)
  })

  it('never shows the values of headers in an error', () => {
    const refused = refusal(() => read({ otlp: { headers: { authorization: ['Bearer sk-secret'] } } }))
    expect(refused.message).not.toContain('sk-secret')
    expect(refused.option).toBe('otlp.headers')
  })

  it.each([
    [{ otlp: { headers: 'authorization=Bearer sk-secret' } }, 'option otlp.headers is a string, which is not a map'],
    [
      { otlp: { endpoint: 'http//collector:sk-secret@host:4318' } },
      'option otlp.endpoint is something that is not shown, which is not a URL',
    ],
  ])('never shows what may hold a secret in an error: %#', (options, message) => {
    const refused = refusal(() => read(options))
    expect(refused.message).toContain(message)
    expect(refused.message).not.toContain('sk-secret')
  })

  it('never shows a key in an error', () => {
    const refused = refusal(() => read({}, { AGENTEL_REDACTION_HASH_KEY: 'too short' }))
    expect(refused.message).not.toContain('too short')
    expect(refused.option).toBe('AGENTEL_REDACTION_HASH_KEY')
  })

  it('refuses exactly what the schema refuses', () => {
    const candidates: unknown[] = [
      true,
      false,
      0,
      1,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '',
      'x',
      'openai',
      'a string long enough',
      'grpc',
      'http://a:1',
      [],
      ['openai'],
      ['x'],
      [1],
      { a: 'b' },
      { a: 1 },
      { a: [] },
    ]
    for (const field of configFields) {
      for (const value of candidates) {
        const options = field.path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object
        const schemaTakes = configSchema.safeParse(options).success
        let readerTakes = true
        try {
          read(options)
        } catch {
          readerTakes = false
        }
        expect({ path: field.path, value, takes: readerTakes }).toEqual({ path: field.path, value, takes: schemaTakes })
      }
    }
  })

  it('is written down as generated: code, JSON schema and the table in the docs', () => {
    for (const [path, content] of Object.entries(configOutputs())) {
      expect(readFileSync(join(root, path), 'utf8'), `${path} is out of date: run pnpm generate`).toBe(content)
    }
  })
})
