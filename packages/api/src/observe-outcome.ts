import { guard } from './guard.ts'
import { observeIterable, observeIterator } from './observe-iteration.ts'
import { observeThenable } from './observe-thenable.ts'
import type { Context } from '@opentelemetry/api'

/** Is told how it went; what comes first counts. Neither method may throw. */
export interface Observer {
  /** In which the body of a generator runs, wherever it is read. */
  readonly context: Context
  succeed(value: unknown): void
  fail(error: unknown): void
}

/**
 * Watches what a callback gave until it is over, and gives it back.
 *
 * - A plain promise comes back as the promise that follows it: an unhandled rejection stays one, and stays single.
 * - Thenables with methods of their own (APIPromise, queries that run when awaited), generators and streams come back
 *   as the very same object, and nothing is started or read that the application does not start or read.
 */
export function observeOutcome<T>(result: T, observer: Observer): T {
  return follow(result, observer) as T
}

function follow(result: unknown, observer: Observer): unknown {
  const shape = shapeOf(result)
  if (shape === 'promise') return followPromise(result as Promise<unknown>, observer)
  if (shape === 'value') observer.succeed(result)
  // What cannot be watched has to end here.
  else if (guard('api.observe', () => observe(result as object, shape, observer)) === undefined)
    observer.succeed(undefined)
  return result
}

function observe(result: object, shape: 'thenable' | 'iterator' | 'iterable', observer: Observer): true {
  if (shape === 'thenable')
    observeThenable(result as PromiseLike<unknown>, observer, (value) => follow(value, observer))
  else if (shape === 'iterator') observeIterator(result, observer)
  else observeIterable(result, observer)
  return true
}

/** A promise may give a stream: then it is over when the stream is. What it gives is never a thenable again. */
function followPromise(promise: Promise<unknown>, observer: Observer): Promise<unknown> {
  const followed = promise.then(
    (value) => follow(value, observer),
    (error: unknown) => {
      observer.fail(error)
      throw error
    },
  )
  // Some libraries hang `cancel()` and the like on the promise.
  if (Object.getOwnPropertyNames(promise).length > 0) {
    guard('api.observe', () => void Object.defineProperties(followed, Object.getOwnPropertyDescriptors(promise)))
  }
  return followed
}

type Shape = 'value' | 'promise' | 'thenable' | 'iterator' | 'iterable'

function shapeOf(result: unknown): Shape {
  if ((typeof result !== 'object' && typeof result !== 'function') || result === null) return 'value'
  // A Proxy's traps may throw, and so may getters.
  return guard('api.observe', () => shapeOfObject(result as Record<PropertyKey, unknown>)) ?? 'value'
}

function shapeOfObject(object: Record<PropertyKey, unknown>): Shape {
  if (isPlainPromise(object)) return 'promise'
  if (typeof object.then === 'function') return 'thenable'
  const isIterator = typeof object.next === 'function'
  if (typeof object[Symbol.asyncIterator] === 'function') return isIterator ? 'iterator' : 'iterable'
  // A generator, but no array, map or string: those are values.
  return isIterator && typeof object[Symbol.iterator] === 'function' ? 'iterator' : 'value'
}

/**
 * A promise that is no subclass, of this realm or another (Jest and `vm` have realms of their own): `await` never calls
 * the `then` of such a one, so there is nothing to put a shadow on.
 */
function isPlainPromise(object: object): boolean {
  if (object instanceof Promise) return object.constructor === Promise
  if (Object.prototype.toString.call(object) !== '[object Promise]') return false
  const root: unknown = Object.getPrototypeOf(Object.getPrototypeOf(object))
  return root !== null && Object.getPrototypeOf(root) === null
}
