import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { createContext, runInContext, runInNewContext } from 'node:vm'
import { SpanStatusCode, context, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import { faultCounts } from '../src/guard.ts'
import { runOperation } from '../src/operation.ts'
import { useTelemetry } from './telemetry.ts'
import { useUnhandledRejections } from './unhandled-rejections.ts'

const telemetry = useTelemetry()
const OK = { code: SpanStatusCode.UNSET }
const FAILED = { code: SpanStatusCode.ERROR, message: 'broken' }
const broken = (): Error => new Error('broken')
const ended = (): number => telemetry.spans().length

const unhandled = useUnhandledRejections()
afterEach(() => expect(faultCounts()).toEqual({}))

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

describe('results of another realm', () => {
  it('are watched like those of this one', async () => {
    const error = broken()
    const realm = createContext({ error, seen: () => trace.getActiveSpan()?.spanContext().spanId })
    const promise = runOperation(
      { name: 'promise' },
      () => runInContext('Promise.resolve(7)', realm) as Promise<number>,
    )
    expect(await promise).toBe(7)
    const bad = runOperation({ name: 'bad' }, () => runInContext('Promise.reject(error)', realm) as Promise<number>)
    await expect(bad).rejects.toBe(error)
    const words: unknown[] = []
    const make = runInContext('(async function* () { yield seen(); yield 2 })', realm) as () => AsyncGenerator
    for await (const word of runOperation({ name: 'generator' }, make)) words.push(word)
    expect(telemetry.spans().map(({ name, status }) => [name, status])).toEqual([
      ['promise', OK],
      ['bad', FAILED],
      ['generator', OK],
    ])
    expect(words).toEqual([telemetry.span('generator').spanContext().spanId, 2])
    expect(unhandled).toEqual([])
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

describe('a result that is thrown away unread', () => {
  it.each<[string, () => unknown]>([
    ['an async generator', async function* () {}],
    ['a stream', () => ({ async *[Symbol.asyncIterator]() {} })],
    // oxlint-disable-next-line unicorn/no-thenable
    ['a query', () => ({ then() {} })],
  ])('%s: the span ends when it is collected', async (_, make) => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    ;(() => void runOperation({ name: 'op' }, make))()
    for (let round = 0; round < 500 && ended() === 0; round++) {
      await turn()
      collect()
    }
    expect(telemetry.span('op').status).toEqual(OK)
  })

  it('one that was read to its end goes with the next minor collection, with all that it holds', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void
    const answer = () => Object.assign((function* () {})(), { text: Array.from({ length: 5000 }, (_, index) => index) })
    collect()
    const before = getHeapStatistics().used_heap_size
    for (let index = 0; index < 400; index++) {
      for (const _ of runOperation({ name: 'op' }, answer)) expect.unreachable()
      if (index % 20 === 19) collect({ type: 'minor' })
    }
    expect(ended()).toBe(400)
    expect(getHeapStatistics().used_heap_size - before).toBeLessThan(8_000_000)
  })
})
