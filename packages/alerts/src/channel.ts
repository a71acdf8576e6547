import type { Notification } from './alert.ts'
import type { Severity } from './rule.ts'

/** One way to tell people. */
export interface Channel {
  /** Used in metrics and dead letters. */
  readonly name: string
  /** What it is told of; everything by default. */
  readonly severities?: readonly Severity[]
  /** Sends one notification; a throw or a rejection is a failure. It should stop when the signal aborts. */
  send(notification: Notification, signal: AbortSignal): Promise<void> | void
}

/** Any function as a channel. */
export function functionChannel(name: string, send: Channel['send'], severities?: readonly Severity[]): Channel {
  return { name, send, ...(severities === undefined ? undefined : { severities }) }
}
