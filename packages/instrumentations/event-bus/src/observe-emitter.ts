import type { EventEmitter } from 'node:events'
import { processEvent, startPublishEvent } from '@agentel/api'
import { type EventDescription, describedEvent } from './describe-event.ts'
import { observeListeners } from './observe-listeners.ts'
import { replaceMethod } from './replace-method.ts'

/** Which events of an emitter are told, and what is known of them. */
export interface ObserveEmitterOptions {
  /** Names of the events: those that stand for something that happens in the application, not every signal. */
  readonly events: readonly string[]
  /** What is known of an event from its arguments. The type is the event's name by default. */
  readonly describe?: (name: string, args: readonly unknown[]) => EventDescription | undefined
}

/**
 * Tells the events of one of Node's emitters: every `emit` is published, every listener's work is received and then
 * completed or an error; a promise that a listener gives is followed until it settles. The emitter behaves as before.
 *
 * @returns stops it
 * @example
 * const bus = new EventEmitter()
 * observeEmitter(bus, { events: ['order.created'], describe: (_, [order]) => ({ id: order.id, transactionId: order.id }) })
 */
export function observeEmitter(emitter: EventEmitter, { events, describe }: ObserveEmitterOptions): () => void {
  const watched = new Set(events)
  const eventOf = (name: string, args: readonly unknown[]) =>
    describedEvent('event-bus.describe', name, describe && (() => describe(name, args)))
  const stopListeners = observeListeners(
    emitter,
    (name) => watched.has(name),
    (name, self, args, listener) => processEvent(eventOf(name, args), () => Reflect.apply(listener, self, args)),
  )
  const stopEmit = replaceMethod(
    emitter,
    'emit',
    (original) =>
      function (this: unknown, ...args) {
        const [name, ...rest] = args
        if (typeof name !== 'string' || !watched.has(name)) return Reflect.apply(original, this, args)
        const publishing = startPublishEvent(eventOf(name, rest))
        // What a listener throws comes out of `emit`; it is the listener's failure: the event was published.
        try {
          return publishing.run(() => Reflect.apply(original, this, args) as unknown)
        } finally {
          publishing.end()
        }
      },
  )
  return () => {
    stopListeners()
    stopEmit()
  }
}
