import type { Notification } from './alert.ts'
import type { Channel } from './channel.ts'
import { ChannelError } from './secret.ts'

/** How channels are called. */
export interface NotifierOptions {
  readonly channels: readonly Channel[]
  /** Time for one attempt, milliseconds; default 10,000. */
  readonly timeout?: number
  /** Attempts for one notification; default 4. */
  readonly attempts?: number
  /** Wait after the first failure, milliseconds; it doubles after each. Default 1000. */
  readonly backoff?: number
  /** Notifications of one channel within a minute; default 30. Those beyond are dead letters. */
  readonly perMinute?: number
  /** Notifications of one channel that wait; default 100. Those beyond are dead letters. */
  readonly queueSize?: number
  /** Dead letters that are remembered; default 100. */
  readonly deadLetterSize?: number
  readonly now?: () => number
  /** Told of every notification that was sent (without `errorType`) or given up. */
  readonly onResult?: (channel: string, errorType: string | undefined) => void
}

/** A notification that nobody got. */
export interface DeadLetter {
  readonly channel: string
  readonly notification: Notification
  readonly at: number
  readonly attempts: number
  readonly errorType: string
  /** Without secrets: what a channel of others throws is told by its kind only. */
  readonly error: string
}

/** Sends notifications, each channel by itself. */
export interface Notifier {
  /** Queues them for every channel that wants them; returns at once and never throws. */
  notify(notifications: readonly Notification[]): void
  /** Resolves when all that is queued was sent or given up. */
  flush(): Promise<void>
  /** The last notifications that were given up, newest first. */
  deadLetters(): DeadLetter[]
  /** Gives up what is under way and what waits. */
  close(): Promise<void>
}

interface Lane {
  readonly channel: Channel
  tail: Promise<void>
  waiting: number
  /** When the notifications of the last minute were taken. */
  taken: number[]
}

/** So many alerts are told of in one notification; of those beyond, how many they are. */
const ALERTS_TOLD = 100

/** A notifier. A channel that hangs or fails delays no other. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { channels, timeout = 10_000, attempts = 4, backoff = 1000, perMinute = 30, queueSize = 100 } = options
  const { deadLetterSize = 100, now = Date.now, onResult } = options
  const closing = new AbortController()
  const dead: DeadLetter[] = []
  const lanes = channels.map((channel): Lane => ({ channel, tail: Promise.resolve(), waiting: 0, taken: [] }))

  const giveUp = ({ channel }: Lane, notification: Notification, tried: number, fault: ChannelError): void => {
    dead.push({
      channel: channel.name,
      notification,
      at: now(),
      attempts: tried,
      errorType: fault.type,
      error: fault.message,
    })
    if (dead.length > deadLetterSize) dead.shift()
    onResult?.(channel.name, fault.type)
  }

  const deliver = async (lane: Lane, notification: Notification): Promise<void> => {
    for (let tried = 1; ; tried += 1) {
      const fault = await attempt(lane.channel, notification, timeout, closing.signal)
      if (fault === undefined) return onResult?.(lane.channel.name, undefined)
      if (!fault.retry || tried >= attempts || closing.signal.aborted) return giveUp(lane, notification, tried, fault)
      // At most a minute, whatever the other side asks for: others wait behind.
      const wait = Math.min(fault.retryAfter ?? backoff * 2 ** (tried - 1) * (0.5 + Math.random()), 60_000)
      await pause(wait, closing.signal)
    }
  }

  const enqueue = (lane: Lane, notification: Notification): void => {
    // A time that is to come was taken before the clock was set back.
    lane.taken = lane.taken.filter((time) => time > now() - 60_000 && time <= now())
    if (lane.taken.length >= perMinute)
      return giveUp(
        lane,
        notification,
        0,
        new ChannelError('more notifications than allowed in a minute', { type: 'rate_limit' }),
      )
    if (lane.waiting >= queueSize)
      return giveUp(lane, notification, 0, new ChannelError('too many notifications wait', { type: 'queue_full' }))
    lane.taken.push(now())
    lane.waiting += 1
    lane.tail = lane.tail
      .then(() => deliver(lane, notification))
      .finally(() => {
        lane.waiting -= 1
      })
  }
  const flush = async (): Promise<void> => {
    await Promise.all(lanes.map(({ tail }) => tail))
  }

  return {
    notify(notifications) {
      if (closing.signal.aborted) return
      for (const notification of notifications.map(bounded)) {
        for (const lane of lanes) {
          if (wants(lane.channel, notification)) enqueue(lane, notification)
        }
      }
    },
    flush,
    deadLetters: () => dead.toReversed(),
    close() {
      closing.abort()
      return flush()
    },
  }
}

/** What waits, and what nobody got, is kept: a storm must not fill the memory with it. */
function bounded(notification: Notification): Notification {
  const { alerts, omitted = 0 } = notification
  if (alerts.length <= ALERTS_TOLD) return notification
  return { ...notification, alerts: alerts.slice(0, ALERTS_TOLD), omitted: omitted + alerts.length - ALERTS_TOLD }
}

function wants({ severities, onlyEscalated }: Channel, { severity, escalated }: Notification): boolean {
  return severities?.includes(severity) !== false && (onlyEscalated !== true || escalated === true)
}

/** One attempt; what went wrong, or undefined. Ends by the time-out even if the channel never does. */
async function attempt(
  channel: Channel,
  notification: Notification,
  timeout: number,
  closing: AbortSignal,
): Promise<ChannelError | undefined> {
  const stop = new AbortController()
  const late = new ChannelError('no answer in time', { type: 'timeout', retry: true })
  let timer: NodeJS.Timeout | undefined
  const abort = (): void => stop.abort()
  try {
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(late))
    })
    timer = setTimeout(abort, timeout)
    closing.addEventListener('abort', abort)
    if (closing.aborted) abort()
    await Promise.race([Promise.resolve(channel.send(notification, stop.signal)), stopped])
    return undefined
  } catch (error) {
    if (error instanceof ChannelError) return error
    const kind = error instanceof Error ? error.name : typeof error
    return new ChannelError(`the channel threw ${kind}`, { type: kind, retry: true })
  } finally {
    clearTimeout(timer)
    closing.removeEventListener('abort', abort)
  }
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    // A server that asks for a minute's wait must not keep the process for it.
    const timer = setTimeout(done, millis).unref()
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
