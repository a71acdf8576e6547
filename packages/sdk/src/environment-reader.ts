import { switchWord } from '@agentel/api'
import { StartError } from './start-error.ts'

/** What `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>

function refuse(name: string, value: string, takes: string): never {
  // The value of a variable that may carry a secret is never a number, a flag or a choice, so it can be shown.
  throw new StartError('AGENTEL_ENVIRONMENT_INVALID_VALUE', name, `${name}=${JSON.stringify(value)} is not ${takes}`)
}

/** The variable, or undefined when it is unset or empty: OpenTelemetry reads an empty variable as unset. */
export function envString(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === undefined || value === '' ? undefined : value
}

/** A whole number from `min` upwards. @throws {StartError} naming the variable */
export function envInteger(env: Environment, name: string, min = 0): number | undefined {
  const value = envString(env, name)
  if (value === undefined) return undefined
  const number = Number(value)
  if (!Number.isInteger(number) || number < min) refuse(name, value, `a whole number of at least ${min}`)
  return number
}

/**
 * `true` or `false`, in any case; a variable of ours also takes the other usual words, as OpenTelemetry's may not.
 * @throws {StartError} naming the variable
 */
export function envBoolean(env: Environment, name: string): boolean | undefined {
  const value = envString(env, name)?.toLowerCase()
  if (value === undefined) return undefined
  const known = name.startsWith('AGENTEL_') || value === 'true' || value === 'false' ? switchWord(value) : undefined
  return known ?? refuse(name, value, 'true or false')
}

/** One of a few words, in any case. @throws {StartError} naming the variable and the words */
export function envChoice<const T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = envString(env, name)
  if (value === undefined) return undefined
  const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase())
  return found ?? refuse(name, value, `one of ${choices.join(', ')}`)
}

/** Words with commas between them, each one of a few. @throws {StartError} naming the variable and the words */
export function envChoices<const T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
): T[] | undefined {
  return envString(env, name)
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => choices.find((choice) => choice === word) ?? refuse(name, word, `one of ${choices.join(', ')}`))
}

/** The first of the variables that is set, read by `read`: `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL` before the general one. */
export function firstOf<T>(names: readonly string[], read: (name: string) => T | undefined): T | undefined {
  for (const name of names) {
    const value = read(name)
    if (value !== undefined) return value
  }
  return undefined
}
