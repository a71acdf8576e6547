import { context as contextApi } from '@opentelemetry/api'
import { guard } from './guard.ts'
import type { Observer } from './observe-outcome.ts'
import { type Method, forgetCollected, isThenable, shadowMethods, whenCollected } from './shadow-methods.ts'

function succeed(observer: Observer, value: unknown): void {
  observer.succeed(value)
  forgetCollected(observer)
}

function fail(observer: Observer, error: unknown): void {
  observer.fail(error)
  forgetCollected(observer)
}

/**
 * Watches a generator, sync or async, to its end: done, failed, or left early by `break`. Its body runs in the
 * operation's context, however far from it the loop is.
 */
export function observeIterator(iterator: object, observer: Observer): void {
  const wrap =
    (original: Method, name: PropertyKey): Method =>
    (...args) => {
      let step: unknown
      try {
        step = contextApi.with(observer.context, () => original.apply(iterator, args))
      } catch (error) {
        fail(observer, error)
        throw error
      }
      if (!isThenable(step)) return seeStep(step, name, observer)
      return step.then(
        (settled) => seeStep(settled, name, observer),
        (error: unknown) => {
          fail(observer, error)
          throw error
        },
      )
    }
  if (shadowMethods(iterator, ['next', 'return', 'throw'], wrap)) whenCollected(iterator, observer)
  else observer.succeed(undefined)
}

function seeStep(step: unknown, name: PropertyKey, observer: Observer): unknown {
  guard('api.step', () => {
    const { done, value } = (step ?? {}) as { done?: unknown; value?: unknown }
    // A generator may refuse to stop (a `yield` in its `finally`); it says so by `done: false`.
    if (done === true || (name === 'return' && done === undefined)) succeed(observer, value)
  })
  return step
}

/** Watches the first iteration of a stream; further ones are the stream's own affair. */
export function observeIterable(iterable: object, observer: Observer): void {
  const wrap =
    (original: Method): Method =>
    (...args) => {
      const iterator = original.apply(iterable, args)
      if (typeof iterator === 'object' && iterator !== null) observeIterator(iterator, observer)
      return iterator
    }
  if (!shadowMethods(iterable, [Symbol.asyncIterator], wrap)) {
    observer.succeed(undefined)
    return
  }
  whenCollected(iterable, observer)
  observeNodeStream(iterable as NodeStreamLike, observer)
}

interface NodeStreamLike {
  once?: (event: string, listener: () => void) => unknown
  pipe?: unknown
  readonly errored?: unknown
}

/** A Node stream is mostly piped, not iterated. `close` comes after success and failure alike, and `error` listeners
 * would change whether an error is unhandled. */
function observeNodeStream(stream: NodeStreamLike, observer: Observer): void {
  if (typeof stream.once !== 'function' || typeof stream.pipe !== 'function') return
  stream.once('close', () => {
    if (stream.errored === null || stream.errored === undefined) succeed(observer, undefined)
    else fail(observer, stream.errored)
  })
}
