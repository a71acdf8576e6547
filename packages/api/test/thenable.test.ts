import { setImmediate as turn } from 'node:timers/promises'
import { SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { runOperation } from '../src/operation.ts'
import { useTelemetry } from './telemetry.ts'
import { useUnhandledRejections } from './unhandled-rejections.ts'

const telemetry = useTelemetry()
const OK = { code: SpanStatusCode.UNSET }
const FAILED = { code: SpanStatusCode.ERROR, message: 'broken' }
const broken = (): Error => new Error('broken')
const ended = (): number => telemetry.spans().length
const unhandled = useUnhandledRejections()

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

  it('asked for its data and its response is over when both are there', async () => {
    const data = Promise.withResolvers<number>()
    const promise = runOperation({ name: 'op' }, () => new ApiPromise(data.promise))
    const both = promise.withResponse()
    await turn()
    expect(ended()).toBe(0)
    data.resolve(1)
    expect(await both).toEqual({ data: 1, response: 'raw' })
    expect(ended()).toBe(1)
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
    const handled = runOperation({ name: 'handled' }, () => Cancelable.reject(error) as Cancelable<never>)
    expect(await handled.catch((reason: unknown) => reason)).toBe(error)
    await turn()
    expect(unhandled).toEqual([error])
    expect(telemetry.span('handled').status).toEqual(FAILED)
  })

  it('that is frozen is left alone, and the span ends at once', async () => {
    const frozen = Object.freeze(new LazyQuery())
    expect(runOperation({ name: 'op' }, () => frozen)).toBe(frozen)
    expect(ended()).toBe(1)
  })
})
