import { guard, recordFault } from '@agentel/api'
import { type Abandonable, endWhenCollected, type Tie } from './abandoned.ts'

/** Told what the reader of a stream sees, as it sees it. */
export interface StreamObserver extends Abandonable {
  chunk(value: unknown): void
  /** The stream ended of itself. */
  finished(): void
  failed(error: unknown): void
  /** The reader went away early: `break`, a throw in its loop, `return()`. */
  left(): void
}

/** A client's stream whose every way of reading goes through its own field `iterator`. */
export interface TappableStream {
  iterator: () => AsyncIterator<unknown>
  controller?: { signal?: AbortSignal }
}

/** Whether a value is a stream of the kind that Stainless clients return. */
export function isTappableStream(value: unknown): value is TappableStream {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<TappableStream>).iterator === 'function' &&
    typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'
  )
}

/**
 * Observes a stream without replacing it: `for await`, `tee()`, `toReadableStream()` and the client's own helpers all
 * start from the field `iterator`. Only the first reading is observed; a second one is the client's to refuse.
 *
 * @returns what ties the call to the stream, to be cut when the call ends
 */
export function tapStream(stream: TappableStream, observer: StreamObserver): Tie {
  const original = stream.iterator
  let taken = false
  stream.iterator = function iterator(this: unknown) {
    const source = Reflect.apply(original, this, [])
    if (taken) return source
    taken = true
    return guard('stream.tap', (): AsyncIterator<unknown> => new TapIterator(source, observer, stream)) ?? source
  }
  return endWhenCollected(stream, observer)
}

const AsyncGeneratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()))

interface Tap {
  readonly source: AsyncIterator<unknown>
  readonly observer: StreamObserver
  /** The reader may hold the iterator alone: as long as it does, the stream's being collected must not end the call. */
  readonly stream: object
  readonly see: (result: IteratorResult<unknown>) => IteratorResult<unknown>
  readonly fail: (error: unknown) => never
}

// These must not keep the iterator alive: its being collected is what ends a stream that nobody reads any more.

function seenBy(observer: StreamObserver): Tap['see'] {
  return (result) => {
    // Once a chunk: no function of its own for the guard.
    try {
      if (result.done === true) observer.finished()
      else observer.chunk(result.value)
    } catch (fault) {
      recordFault('stream.chunk', fault)
    }
    return result
  }
}

function failedFor(observer: StreamObserver): Tap['fail'] {
  return (error) => {
    guard('stream.failed', () => observer.failed(error))
    throw error
  }
}

/**
 * A plain iterator around a client's async generator: one more `then` a chunk, where an async generator around it
 * would be a second queue. It has no own keys and inherits from the generators' prototype, so that it looks like what
 * it stands for.
 */
class TapIterator {
  // One field: each costs more than all it holds until V8 has optimised the code.
  readonly #tap: Tap

  constructor(source: AsyncIterator<unknown>, observer: StreamObserver, stream: object) {
    this.#tap = { source, observer, stream, see: seenBy(observer), fail: failedFor(observer) }
  }

  next(value?: undefined): Promise<IteratorResult<unknown>> {
    const { source, see, fail } = this.#tap
    return source.next(value).then(see, fail)
  }

  return(value?: unknown): Promise<IteratorResult<unknown>> {
    const { source, observer } = this.#tap
    guard('stream.left', () => observer.left())
    return source.return?.(value) ?? Promise.resolve({ done: true, value })
  }

  throw(error?: unknown): Promise<IteratorResult<unknown>> {
    const { source, observer } = this.#tap
    guard('stream.failed', () => observer.failed(error))
    return source.throw?.(error) ?? Promise.reject(error)
  }
}
Object.setPrototypeOf(TapIterator.prototype, AsyncGeneratorPrototype)
