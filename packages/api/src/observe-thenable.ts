import type { Observer } from './observe-outcome.ts'
import { type Method, isThenable, shadowMethods, whenCollected } from './shadow-methods.ts'

/** The ways in which an application asks a thenable for its result. */
const CONSUMERS = ['then', 'catch', 'finally', 'parse', 'asResponse', 'withResponse'] as const

/**
 * Watches a thenable that is more than a plain promise. Calling `then` ourselves could start the work (a lazy query)
 * or read a body that the application wants raw, so we look on only when the application asks.
 *
 * @param follow takes the value and gives it back, for a value that is a stream
 */
export function observeThenable(
  thenable: PromiseLike<unknown>,
  observer: Observer,
  follow: (value: unknown) => unknown,
): void {
  const isEager = thenable instanceof Promise && thenable.then === Promise.prototype.then
  let asked = false
  let inside = false
  const wrap =
    (original: Method, name: PropertyKey): Method =>
    (...args) => {
      asked = true
      // `catch` and `withResponse` call `then` inside; the outermost call is the one that the application made.
      if (inside) return original.apply(thenable, args)
      inside = true
      try {
        return consume(thenable, original, name, args, observer, follow)
      } finally {
        inside = false
      }
    }
  if (!shadowMethods(thenable, CONSUMERS, wrap)) observer.succeed(undefined)
  else if (isEager) observeEager(thenable, observer, () => asked)
  else whenCollected(thenable, observer)
}

function consume(
  thenable: PromiseLike<unknown>,
  original: Method,
  name: PropertyKey,
  args: unknown[],
  observer: Observer,
  follow: (value: unknown) => unknown,
): unknown {
  const rejected = (handler: unknown) => (error: unknown) => {
    observer.fail(error)
    if (typeof handler === 'function') return handler(error)
    throw error
  }
  if (name === 'then') {
    const [onFulfilled, onRejected] = args
    const fulfilled = (value: unknown): unknown => {
      follow(value)
      return typeof onFulfilled === 'function' ? onFulfilled(value) : value
    }
    return original.apply(thenable, [fulfilled, rejected(onRejected)])
  }
  const answer = original.apply(thenable, name === 'catch' ? [rejected(args[0])] : args)
  return isThenable(answer) ? answer.then(follow, rejected(undefined)) : answer
}

/** A subclass of Promise whose work is under way already: it may be over without anybody asking. */
function observeEager(promise: Promise<unknown>, observer: Observer, wasAsked: () => boolean): void {
  void Promise.prototype.then.call(
    promise,
    (value: unknown) => {
      if (!wasAsked()) observer.succeed(value)
    },
    (error: unknown) => {
      observer.fail(error)
      // Our looking on has marked the rejection as handled. If nobody else did, it is unhandled, as it would have been.
      if (!wasAsked()) void Promise.reject(error)
    },
  )
}
