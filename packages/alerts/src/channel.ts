import type { Notification } from './alert.ts'
import type { Severity } from './rule.ts'

/** One way to tell people. */
export interface Channel {
  /** Used in metrics and dead letters. */
  readonly name: string
  /** What it is told of; everything by default. */
  readonly severities?: readonly Severity[]
  /** Told of only what nobody has acknowledged in time: see `escalateAfter` of a rule. */
  readonly onlyEscalated?: boolean
  /** Sends one notification; a throw or a rejection is a failure. It should stop when the signal aborts. */
  send(notification: Notification, signal: AbortSignal): Promise<void> | void
}

/** The channel for those who are called when nobody has acknowledged in time; nothing else reaches it. */
export function onlyEscalated(channel: Channel): Channel {
  return { ...channel, onlyEscalated: true, send: (notification, signal) => channel.send(notification, signal) }
}

/** Any function as a channel. */
export function functionChannel(name: string, send: Channel['send'], severities?: readonly Severity[]): Channel {
  return { name, send, ...(severities === undefined ? undefined : { severities }) }
}
