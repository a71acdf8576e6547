import { type BusEventOptions, publishEvent, startProcessEvent, processEvent } from './bus-event.ts'
import type { Handle } from './concept.ts'

/** What may be said of an event beside its type and id. */
export type StagedEventOptions = Omit<BusEventOptions, 'type' | 'id'>

/** One event, told stage by stage where a bus has no place for callbacks. No method throws, but for what `fn` throws. */
export interface StagedEvent {
  /** It is put on the bus, by `fn` if that takes time; the carrier has its context afterwards. */
  published(): void
  published<T>(fn: () => T): T
  /** A handler has it now. With `fn`, it is `completed` or an `error` when what `fn` gives is over. */
  received(): void
  received<T>(fn: () => T): T
  /** Runs `fn` inside the handling that `received()` began. */
  run<T>(fn: () => T): T
  /** The handler is done. */
  completed(): void
  /** The handler failed; also without `received()`, for a handler that never got that far. */
  error(error: unknown): void
}

/**
 * An event over any bus, by its stages: `published` on one side, `received` and then `completed` or `error` on the
 * other, in one process or two. Makes the spans of {@link publishEvent} and {@link processEvent}.
 *
 * @param type low-cardinality type: `order.created`
 * @example
 * event('order.created', order.id, { transactionId: order.id, carrier: headers }).published(() => bus.send(order, headers))
 * // in the other process
 * const received = event('order.created', order.id, { carrier: headers })
 * received.received()
 * bus.onAck(() => received.completed())
 * bus.onNack((error) => received.error(error))
 */
export function event(type: string, id?: string, options: StagedEventOptions = {}): StagedEvent {
  const described: BusEventOptions = { ...options, type, ...(id === undefined ? undefined : { id }) }
  let open: Handle | undefined
  return {
    published: <T>(fn?: () => T) => publishEvent(described, () => fn?.()) as T,
    received<T>(fn?: () => T): T {
      if (fn !== undefined) return processEvent(described, fn)
      open ??= startProcessEvent(described)
      return undefined as T
    },
    run: (fn) => (open === undefined ? fn() : open.run(fn)),
    completed() {
      open?.end()
      open = undefined
    },
    error(error) {
      const handling = open ?? startProcessEvent(described)
      handling.fail(error)
      handling.end()
      open = undefined
    },
  }
}
