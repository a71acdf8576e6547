import type { EventEmitter } from 'node:events'
import { type AnyMethod, replaceMethod } from './replace-method.ts'

/** A listener, with the one that it stands for: Node's own way to say so, which `off` and `listeners` understand. */
type Listener = AnyMethod & { listener?: AnyMethod }

/** Handles one event in place of a listener; must call `listener` once and give what it gives. */
export type Handling = (name: string, self: unknown, args: unknown[], listener: AnyMethod) => unknown

/**
 * Puts `handle` around every listener that is added from now on for an event that is watched. `off()`, `once()` and
 * `listeners()` work with the application's own functions as before.
 *
 * @returns stops it; listeners that are there stay wrapped until they are taken off
 */
export function observeListeners(
  emitter: EventEmitter,
  isWatched: (name: string) => boolean,
  handle: Handling,
): () => void {
  let active = true
  const wrapped = (name: string, listener: AnyMethod, once: boolean): Listener => {
    let fired = false
    const standIn: Listener = function (this: unknown, ...args) {
      if (once) {
        if (fired) return undefined
        fired = true
        emitter.removeListener(name, standIn)
      }
      return active ? handle(name, this, args, listener) : Reflect.apply(listener, this, args)
    }
    standIn.listener = listener
    return standIn
  }
  const adding = (once: boolean, add: (original: AnyMethod) => AnyMethod) => (original: AnyMethod) =>
    function (this: unknown, ...args: unknown[]): unknown {
      const [name, listener] = args
      const isOurs = active && typeof name === 'string' && typeof listener === 'function' && isWatched(name)
      if (!isOurs) return Reflect.apply(original, this, args)
      return Reflect.apply(add(original), this, [name, wrapped(name, listener as AnyMethod, once)])
    }
  // Node's `once` would put a wrapper of its own around ours, and `listeners()` would show ours.
  const { on, prependListener } = emitter as unknown as Record<string, AnyMethod>
  const undo = [
    ...['on', 'addListener', 'prependListener'].map((name) =>
      replaceMethod(
        emitter,
        name,
        adding(false, (original) => original),
      ),
    ),
    replaceMethod(
      emitter,
      'once',
      adding(true, () => on!),
    ),
    replaceMethod(
      emitter,
      'prependOnceListener',
      adding(true, () => prependListener!),
    ),
  ]
  return () => {
    active = false
    undo.forEach((one) => one())
  }
}
