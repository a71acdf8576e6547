import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { SpanStatusCode, context, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultCounts } from '../src/guard.ts'
import { runOperation } from '../src/operation.ts'
import { useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const OK = { code: SpanStatusCode.UNSET }
const FAILED = { code: SpanStatusCode.ERROR, message: 'broken' }
const broken = (): Error => new Error('broken')
const ended = (): number => telemetry.spans().length

let unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
// Vitest listens too and would fail the run; for these tests only we listen.
let others: NodeJS.UnhandledRejectionListener[] = []
beforeEach(() => {
  unhandled = []
  others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.removeListener('unhandledRejection', note)
  for (const listener of others) process.on('unhandledRejection', listener)
  expect(faultCounts()).toEqual({})
})

describe('a promise', () => {
  it('keeps the span open until it settles', async () => {
    const gate = Promise.withResolvers<number>()
    const result = runOperation({ name: 'op' }, () => gate.promise)
    await turn()
    expect(ended()).toBe(0)
    gate.resolve(7)
    expect(await result).toBe(7)
    expect(telemetry.span('op').status).toEqual(OK)
  })

  it('rejects with the very same reason and fails the span', async () => {
    const error = broken()
    await expect(runOperation({ name: 'op' }, () => Promise.reject(error))).rejects.toBe(error)
    expect(telemetry.span('op').status).toEqual(FAILED)
    expect(unhandled).toEqual([])
  })

  it('that nobody handles is one unhandled rejection, as it would be without us', async () => {
    const error = broken()
    void runOperation({ name: 'op' }, () => Promise.reject(error))
    await turn()
    await turn()
    expect(unhandled).toEqual([error])
    expect(telemetry.span('op').status).toEqual(FAILED)
  })

  it('with methods of its own keeps them', async () => {
    const promise = Object.assign(Promise.resolve(1), { cancel: () => 'cancelled' })
    const result = runOperation({ name: 'op' }, () => promise)
    expect(result.cancel()).toBe('cancelled')
    expect(await result).toBe(1)
    expect(ended()).toBe(1)
  })
})

/** A thenable like a query builder's: the work starts when it is awaited, and each `then` starts it again. */
class LazyQuery {
  runs = 0
  // oxlint-disable-next-line unicorn/no-thenable
  then<T>(onFulfilled?: (value: string) => T, onRejected?: (error: unknown) => T): Promise<T> {
    this.runs++
    return Promise.resolve('rows').then(onFulfilled, onRejected) as Promise<T>
  }
}

/** A promise like a Stainless client's: a subclass that has settled inside and does its work when asked. */
class ApiPromise<T> extends Promise<T> {
  readonly #response: Promise<T>
  parsed = 0
  constructor(response: Promise<T>) {
    super((resolve) => resolve(null as T))
    this.#response = response
  }
  parse(): Promise<T> {
    this.parsed++
    return this.#response
  }
  asResponse(): Promise<string> {
    return Promise.resolve('raw')
  }
  async withResponse(): Promise<{ data: T; response: string }> {
    const [data, response] = await Promise.all([this.parse(), this.asResponse()])
    return { data, response }
  }
  // oxlint-disable-next-line unicorn/no-thenable
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.parse().then(onFulfilled, onRejected)
  }
  override catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.parse().catch(onRejected)
  }
  override finally(onFinally?: (() => void) | null): Promise<T> {
    return this.parse().finally(onFinally)
  }
}

describe('a thenable', () => {
  it('that runs when awaited is the same object, and runs once', async () => {
    const query = new LazyQuery()
    const result = runOperation({ name: 'op' }, () => query)
    expect(result).toBe(query)
    await turn()
    expect(query.runs).toBe(0)
    expect(ended()).toBe(0)
    expect(await result).toBe('rows')
    expect(query.runs).toBe(1)
    expect(telemetry.span('op').status).toEqual(OK)
    expect(Object.keys(query)).toEqual(['runs'])
  })

  it('like APIPromise is the same object, and nothing is parsed that the caller does not parse', async () => {
    const promise = new ApiPromise(Promise.resolve({ answer: 1 }))
    const result = runOperation({ name: 'op' }, () => promise)
    expect(result).toBe(promise)
    expect(Object.keys(result)).toEqual(['parsed'])
    await turn()
    expect([promise.parsed, ended()]).toEqual([0, 0])
    expect(await result).toEqual({ answer: 1 })
    expect([promise.parsed, ended()]).toEqual([1, 1])
  })

  it.each([
    ['then', (promise: ApiPromise<number>) => promise.then((value) => value + 1), 2],
    ['catch', (promise: ApiPromise<number>) => promise.catch(() => 0), 1],
    ['finally', (promise: ApiPromise<number>) => promise.finally(() => undefined), 1],
    ['parse', (promise: ApiPromise<number>) => promise.parse(), 1],
    ['asResponse', (promise: ApiPromise<number>) => promise.asResponse(), 'raw'],
    ['withResponse', (promise: ApiPromise<number>) => promise.withResponse(), { data: 1, response: 'raw' }],
  ])('ends when its result is asked for by %s', async (_, ask, answer) => {
    const promise = runOperation({ name: 'op' }, () => new ApiPromise(Promise.resolve(1)))
    expect(await ask(promise)).toEqual(answer)
    expect(telemetry.span('op').status).toEqual(OK)
  })

  it.each([
    ['then', (promise: ApiPromise<never>) => promise.then(undefined, (error: unknown) => error)],
    ['catch', (promise: ApiPromise<never>) => promise.catch((error: unknown) => error)],
    ['finally', (promise: ApiPromise<never>) => promise.finally(() => undefined).catch((error: unknown) => error)],
    ['withResponse', (promise: ApiPromise<never>) => promise.withResponse().catch((error: unknown) => error)],
  ])('that fails gives its reason by %s, and fails the span', async (_, ask) => {
    const error = broken()
    const promise = runOperation({ name: 'op' }, () => new ApiPromise<never>(Promise.reject(error)))
    expect(await ask(promise)).toBe(error)
    await turn()
    expect(telemetry.span('op').status).toEqual(FAILED)
    expect(unhandled).toEqual([])
  })

  it('that is a subclass of Promise under way ends though nobody asks', async () => {
    class Cancelable<T> extends Promise<T> {
      cancel(): string {
        return 'cancelled'
      }
    }
    const error = broken()
    const good = runOperation({ name: 'good' }, () => Cancelable.resolve(1) as Cancelable<number>)
    expect(good).toBeInstanceOf(Cancelable)
    expect(good.cancel()).toBe('cancelled')
    void runOperation({ name: 'lost' }, () => Cancelable.reject(error) as Cancelable<never>)
    await turn()
    await turn()
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['good', 'lost'])
    expect(unhandled).toEqual([error])
  })

  it('that is frozen is left alone, and the span ends at once', async () => {
    const frozen = Object.freeze(new LazyQuery())
    expect(runOperation({ name: 'op' }, () => frozen)).toBe(frozen)
    expect(ended()).toBe(1)
  })
})

describe('an async generator', () => {
  async function* count(to: number, fail?: Error): AsyncGenerator<number, string> {
    try {
      for (let number = 1; number <= to; number++) {
        await Promise.resolve()
        yield number
      }
      if (fail) throw fail
      return 'done'
    } finally {
      runOperation({ name: 'inside' }, () => undefined)
    }
  }

  it('is the same object, keeps the span open to its end, and runs in its context', async () => {
    let generator: AsyncGenerator<number> | undefined
    const result = runOperation({ name: 'op' }, () => (generator = count(3)))
    expect(result).toBe(generator)
    expect(Object.keys(result)).toEqual([])
    const seen: number[] = []
    for await (const number of result) {
      expect(trace.getSpan(context.active())).toBeUndefined()
      seen.push(number)
    }
    expect(seen).toEqual([1, 2, 3])
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['inside', 'op'])
    expect(telemetry.span('inside').parentSpanContext?.spanId).toBe(telemetry.span('op').spanContext().spanId)
    expect(telemetry.span('op').status).toEqual(OK)
  })

  it('that is left early by break has ended, without a failure', async () => {
    for await (const number of runOperation({ name: 'op' }, () => count(1000))) if (number === 2) break
    expect(telemetry.span('op').status).toEqual(OK)
    expect(telemetry.span('inside').parentSpanContext?.spanId).toBe(telemetry.span('op').spanContext().spanId)
  })

  it('that throws gives the very same error to the loop, and fails the span', async () => {
    const error = broken()
    const loop = async (): Promise<void> => {
      for await (const _ of runOperation({ name: 'op' }, () => count(2, error)));
    }
    await expect(loop()).rejects.toBe(error)
    expect(telemetry.span('op').status).toEqual(FAILED)
  })

  it('passes on what is sent, returned and thrown into it', async () => {
    async function* echo(): AsyncGenerator<string, string, string> {
      let heard = yield 'start'
      for (;;) {
        try {
          heard = yield `heard ${heard}`
        } catch (error) {
          heard = `caught ${String(error)}`
        }
      }
    }
    const generator = runOperation({ name: 'op' }, echo)
    expect(await generator.next('ignored')).toEqual({ value: 'start', done: false })
    expect(await generator.next('a')).toEqual({ value: 'heard a', done: false })
    expect(await generator.throw('oops')).toEqual({ value: 'heard caught oops', done: false })
    expect(ended()).toBe(0)
    expect(await generator.return('end')).toEqual({ value: 'end', done: true })
    expect(ended()).toBe(1)
  })

  it('that a promise gives is watched too', async () => {
    const stream = await runOperation({ name: 'op' }, () => Promise.resolve(count(2)))
    expect(ended()).toBe(0)
    for await (const _ of stream);
    expect(telemetry.span('op').status).toEqual(OK)
  })
})

describe('other results', () => {
  it('a sync generator keeps the span open to its end', () => {
    function* numbers(): Generator<number> {
      yield 1
      yield 2
    }
    const generator = runOperation({ name: 'op' }, numbers)
    expect(ended()).toBe(0)
    expect([...generator]).toEqual([1, 2])
    expect(ended()).toBe(1)
  })

  it('an iterable stream is the same object, and ends with its first iteration', async () => {
    class Stream {
      async *[Symbol.asyncIterator](): AsyncGenerator<number> {
        yield 1
      }
    }
    const stream = new Stream()
    expect(runOperation({ name: 'op' }, () => stream)).toBe(stream)
    for await (const _ of stream) expect(ended()).toBe(0)
    for await (const _ of stream);
    expect(ended()).toBe(1)
  })

  it('a Node stream that is piped ends when it closes, and its failure stays its own', async () => {
    const stream = runOperation({ name: 'op' }, () => Readable.from(['a', 'b']))
    stream.resume()
    await new Promise((resolve) => stream.once('close', resolve))
    expect(telemetry.span('op').status).toEqual(OK)
    const error = broken()
    const bad = runOperation({ name: 'bad' }, () => new Readable({ read: () => undefined }))
    const seen = new Promise((resolve) => bad.once('error', resolve))
    bad.destroy(error)
    expect(await seen).toBe(error)
    await turn()
    expect(telemetry.span('bad').status).toEqual(FAILED)
  })

  it.each([
    ['an array', [1, 2]],
    ['a map', new Map([[1, 2]])],
    ['a string', 'text'],
    ['null', null],
    ['a function', () => 1],
    ['an object without a prototype', Object.create(null)],
  ])('%s is a value: the span ends at once', (_, value: unknown) => {
    expect(runOperation({ name: 'op' }, () => value)).toBe(value)
    expect(ended()).toBe(1)
  })
})

describe('a result that resists', () => {
  afterEach(async () => {
    // These are the faults that the guard is there for.
    const { resetFaults } = await import('../src/guard.ts')
    resetFaults()
  })

  it('a Proxy whose traps throw is given back untouched, and the span ends', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw broken()
        },
        getPrototypeOf: () => {
          throw broken()
        },
      },
    )
    expect(runOperation({ name: 'op' }, () => hostile) === hostile).toBe(true)
    expect(telemetry.span('op').status).toEqual(OK)
    expect(faultCounts()).toEqual({ 'api.observe': 1 })
  })
})
