import { readFileSync } from 'node:fs'

/** Where secrets come from; `process.env` by default. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A channel that cannot be made or cannot send. Its message never holds a secret, nor an address that holds one. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError'
  /** Whether trying again may help. */
  readonly retry: boolean
  /** How long the other side asks to wait, milliseconds. */
  readonly retryAfter: number | undefined
  /** What went wrong, with few values: `500`, `timeout`, `ECONNREFUSED`. */
  readonly type: string

  constructor(message: string, about: { type: string; retry?: boolean; retryAfter?: number | undefined }) {
    super(message)
    this.type = about.type
    this.retry = about.retry ?? false
    this.retryAfter = about.retryAfter
  }
}

/**
 * The variable `name`, else the content of the file that `name_FILE` names.
 * @throws ChannelError when the file cannot be read, naming the variable only.
 */
export function readSecret(name: string, environment: Environment): string | undefined {
  const value = environment[name]
  if (value !== undefined && value !== '') return value
  const file = environment[`${name}_FILE`]
  if (file === undefined || file === '') return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new ChannelError(`${name}_FILE: the file cannot be read`, { type: 'configuration' })
  }
}

/** @throws ChannelError that names the variables to set. */
export function needSecret(name: string, environment: Environment): string {
  const value = readSecret(name, environment)
  if (value === undefined)
    throw new ChannelError(`${name} is not set; set it, or ${name}_FILE to the file that holds it`, {
      type: 'configuration',
    })
  return value
}
