import type { EventEmitter } from 'node:events'
import { type BusEventOptions, guard, processEvent, publishEvent } from '@agentel/api'
import { type EventDescription, describedEvent } from './describe-event.ts'
import { putIn, takeOut } from './envelope.ts'
import { observeListeners } from './observe-listeners.ts'
import { type AnyMethod, replaceMethod } from './replace-method.ts'

/** Which channels of a Redis client are told, and how. */
export interface ObserveRedisOptions {
  /** Whether a channel is told; all by default. */
  readonly channels?: (channel: string) => boolean
  /** What is known of a message. The type is the channel by default: say another one where channels hold ids. */
  readonly describe?: (channel: string, message: string | Buffer) => EventDescription | undefined
  /**
   * Redis gives a message no place for headers. `true`: published messages get a line before them that holds trace,
   * transaction and identity, which observed subscribers take off again. Only where every subscriber is observed.
   */
  readonly carry?: boolean
}

const PUBLISHING = ['publish', 'PUBLISH', 'sPublish', 'SPUBLISH', 'spublish']
const SUBSCRIBING = ['subscribe', 'SUBSCRIBE', 'pSubscribe', 'PSUBSCRIBE', 'sSubscribe', 'SSUBSCRIBE']
const UNSUBSCRIBING = ['unsubscribe', 'UNSUBSCRIBE', 'pUnsubscribe', 'PUNSUBSCRIBE', 'sUnsubscribe', 'SUNSUBSCRIBE']
/** Events of `ioredis`, and where their arguments hold channel and message. */
const MESSAGES: Readonly<Record<string, number>> = {
  message: 0,
  messageBuffer: 0,
  smessage: 0,
  smessageBuffer: 0,
  pmessage: 1,
  pmessageBuffer: 1,
}

/**
 * Tells the pub/sub messages of one client of `redis` (`@redis/client`) or `ioredis`: every `publish` is published,
 * every listener's work is received and then completed or an error. Call it before the client subscribes.
 *
 * @returns stops it
 * @example
 * observeRedis(client, { describe: (_, message) => ({ id: JSON.parse(message).id }) })
 */
export function observeRedis(client: object, options: ObserveRedisOptions = {}): () => void {
  const undo = PUBLISHING.map((name) => replaceMethod(client, name, publishing(options)))
  // Both clients are emitters; listeners of messages are on the emitter in ioredis, and given to `subscribe` in redis.
  if (isIoredis(client)) undo.push(observeMessages(client as EventEmitter, options))
  else undo.push(...observeSubscriptions(client, options))
  return () => undo.forEach((one) => one())
}

function isIoredis(client: object): boolean {
  return typeof (client as { psubscribe?: unknown }).psubscribe === 'function'
}

function isWatched({ channels }: ObserveRedisOptions, channel: string): boolean {
  // A fault of the application's function costs its choice, not the message.
  return channels === undefined || guard('event-bus.channels', () => channels(channel)) !== false
}

function eventOf({ describe }: ObserveRedisOptions, channel: string, message: unknown): BusEventOptions {
  return describedEvent('event-bus.describe', channel, describe && (() => describe(channel, message as string)))
}

function publishing(options: ObserveRedisOptions): (original: AnyMethod) => AnyMethod {
  return (original) =>
    function (this: unknown, ...args) {
      const [channel, message, ...rest] = args
      if (!isWatched(options, String(channel))) return Reflect.apply(original, this, args)
      const carrier = options.carry === true ? {} : undefined
      const event = eventOf(options, String(channel), message)
      return publishEvent(carrier === undefined ? event : { ...event, carrier }, () =>
        Reflect.apply(original, this, [channel, carrier === undefined ? message : putIn(message, carrier), ...rest]),
      )
    }
}

/** Runs a listener as the handling of a message; `args` hold the message at `at` and are given on without its envelope. */
function handle(
  options: ObserveRedisOptions,
  { channel, at, args }: { channel: string; at: number; args: unknown[] },
  run: (args: unknown[]) => unknown,
): unknown {
  // Somebody else's call of a listener, without a message.
  if (at >= args.length) return run(args)
  const { message, carrier } = takeOut(args[at])
  const given = args.with(at, message)
  if (!isWatched(options, channel)) return run(given)
  const event = eventOf(options, channel, message)
  return processEvent(carrier === undefined ? event : { ...event, carrier }, () => run(given))
}

function observeMessages(client: EventEmitter, options: ObserveRedisOptions): () => void {
  return observeListeners(
    client,
    (name) => name in MESSAGES,
    (name, self, args, listener) => {
      const at = MESSAGES[name]!
      const message = { channel: String(args[at]), at: at + 1, args }
      return handle(options, message, (given) => Reflect.apply(listener, self, given))
    },
  )
}

/** `unsubscribe` is told which listener: it must find the one that stands for it, so there is one for each. */
function observeSubscriptions(client: object, options: ObserveRedisOptions): (() => void)[] {
  const standIns = new WeakMap<AnyMethod, AnyMethod>()
  const standInOf = (listener: AnyMethod): AnyMethod => {
    const known = standIns.get(listener)
    if (known !== undefined) return known
    const standIn: AnyMethod = function (this: unknown, ...args) {
      const message = { channel: String(args[1]), at: 0, args }
      return handle(options, message, (given) => Reflect.apply(listener, this, given))
    }
    standIns.set(listener, standIn)
    return standIn
  }
  const replaced =
    (replace: (listener: AnyMethod) => AnyMethod) =>
    (original: AnyMethod): AnyMethod =>
      function (this: unknown, ...args) {
        const [channels, listener, ...rest] = args
        if (typeof listener !== 'function') return Reflect.apply(original, this, args)
        return Reflect.apply(original, this, [channels, replace(listener as AnyMethod), ...rest])
      }
  return [
    ...SUBSCRIBING.map((name) => replaceMethod(client, name, replaced(standInOf))),
    ...UNSUBSCRIBING.map((name) =>
      replaceMethod(
        client,
        name,
        replaced((listener) => standIns.get(listener) ?? listener),
      ),
    ),
  ]
}
