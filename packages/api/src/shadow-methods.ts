import { guard } from './guard.ts'

/** Any method; `this` is the object that it was found on. */
export type Method = (...args: unknown[]) => unknown

/** Whether it has a `then`: a promise of any realm, or what stands for one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/**
 * Puts wrapped methods over an object's own or inherited ones, so that the object stays itself. The shadows are not
 * enumerable unless what they cover was an own enumerable property: `Object.keys` stays the same.
 *
 * @returns whether all methods that exist are shadowed; a frozen object cannot be
 */
export function shadowMethods(
  target: object,
  names: readonly PropertyKey[],
  wrap: (original: Method, name: PropertyKey) => Method,
): boolean {
  const shadowed = guard('api.shadow', () => {
    for (const name of names) {
      const original = (target as Record<PropertyKey, unknown>)[name]
      if (typeof original !== 'function') continue
      const own = Object.getOwnPropertyDescriptor(target, name)
      const value = wrap(original as Method, name)
      const done = Reflect.defineProperty(target, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: own?.enumerable ?? false,
      })
      if (!done) return false
    }
    return true
  })
  return shadowed ?? false
}

const abandoned = new FinalizationRegistry<{ succeed(value: undefined): void }>((observer) =>
  observer.succeed(undefined),
)

/**
 * Ends an operation whose result is thrown away unread: nothing else would ever tell. The observer itself is handed
 * over, not a function made beside `target`: functions of one scope share what they hold, and would hold the target.
 */
export function whenCollected(target: object, observer: { succeed(value: undefined): void }): void {
  abandoned.register(target, observer, observer)
}

/**
 * The operation has ended otherwise. What is registered outlives every minor garbage collection, with all that it
 * holds: a whole answer.
 */
export function forgetCollected(observer: object): void {
  abandoned.unregister(observer)
}
