/** Why a start was refused. Stable: scripts may compare these. */
export type StartErrorCode =
  | 'AGENTEL_CONFIG_UNKNOWN_KEY'
  | 'AGENTEL_CONFIG_INVALID_VALUE'
  | 'AGENTEL_ENVIRONMENT_INVALID_VALUE'
  | 'AGENTEL_CONFIG_UNKNOWN_COMPONENT'
  | 'AGENTEL_CONFIG_FILE_UNREADABLE'

/**
 * Thrown by `startAgentel` and by `@agentel/sdk/register` when the configuration is wrong. Bad configuration stops the
 * start; bad data never does. The message names the option or variable, what it held, and what it takes.
 */
export class StartError extends Error {
  /** Copies of this package in one process, and the files that it is bundled into, know each other's errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'StartError' && 'code' in value && 'option' in value
  }

  override readonly name = 'StartError'
  readonly code: StartErrorCode
  /** The option's path (`shutdown.timeoutMs`), the variable (`OTEL_BSP_SCHEDULE_DELAY`) or the component's name. */
  readonly option: string

  constructor(code: StartErrorCode, option: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
    this.option = option
  }
}
