import { describe, expect, it } from 'vitest'
import { type CallObserver, observeApiPromise } from '../src/observe-api-promise.ts'

/** What a Stainless client of openai 6's time returns, cut down to what its methods go through. */
class ApiPromise<T> extends Promise<T> {
  responsePromise: Promise<{ response: string; body: unknown }>
  parseResponse: (props: { response: string; body: unknown }) => Promise<T>
  parsedPromise: Promise<T> | undefined

  constructor(response: ApiPromise<T>['responsePromise'], parse: (props: { body: unknown }) => Promise<unknown>) {
    super((resolve) => resolve(undefined as T))
    this.responsePromise = response
    this.parseResponse = parse as ApiPromise<T>['parseResponse']
  }

  _thenUnwrap<U>(transform: (value: T) => U): ApiPromise<U> {
    return new ApiPromise<U>(this.responsePromise, async (props) => transform(await this.parseResponse(props as never)))
  }

  asResponse(): Promise<string> {
    return this.responsePromise.then(({ response }) => response)
  }

  parse(): Promise<T> {
    return (this.parsedPromise ??= this.responsePromise.then((props) => this.parseResponse(props)))
  }
}

function call(body: unknown): ApiPromise<unknown> {
  return new ApiPromise(Promise.resolve({ response: 'raw', body }), async (props) => props.body)
}

function observerOf(log: unknown[]): CallObserver {
  return {
    value: (value) => void log.push(['value', value]),
    settled: () => void log.push('settled'),
    failed: (error) => void log.push(['failed', (error as Error).message]),
    raw: () => void log.push('raw'),
    abandoned: () => void log.push('abandoned'),
  }
}

function observed(body: unknown): [ApiPromise<unknown>, unknown[]] {
  const log: unknown[] = []
  const promise = call(body)
  expect(observeApiPromise(promise, observerOf(log))).toBe(true)
  return [promise, log]
}

describe('an observed promise', () => {
  it('tells its value once it is parsed, and that nothing more comes', async () => {
    const [promise, log] = observed('answer')
    expect(log).toEqual([])
    expect(await promise.parse()).toBe('answer')
    expect(log).toEqual([['value', 'answer'], 'settled'])
  })

  it('gets no key that a bare one has not', async () => {
    const [promise] = observed('answer')
    expect(Reflect.ownKeys(promise)).toEqual(Reflect.ownKeys(call('answer')))
  })

  it('that is derived from is settled only when the transform is done', async () => {
    const [promise, log] = observed('answer')
    const derived = promise._thenUnwrap((value) => `${String(value)}!`)
    expect(await derived.parse()).toBe('answer!')
    expect(log.filter((entry) => entry === 'settled')).toEqual(['settled'])
    expect(log).toContainEqual(['value', 'answer'])
    expect(log.at(-1)).toBe('settled')
  })

  it('whose transform throws has failed, and was not settled before', async () => {
    const [promise, log] = observed('answer')
    const derived = promise._thenUnwrap(() => {
      throw new Error('no')
    })
    await expect(derived.parse()).rejects.toThrow('no')
    expect(log).not.toContain('settled')
    expect(log.at(-1)).toEqual(['failed', 'no'])
  })

  it('of which only the response is taken says so, and never reads the body', async () => {
    const [promise, log] = observed('answer')
    expect(await promise.asResponse()).toBe('raw')
    expect(log).toEqual(['raw'])
  })

  it('of which the response is taken late says so too', async () => {
    const [promise, log] = observed('answer')
    await promise.responsePromise
    await promise.asResponse()
    expect(log).toEqual(['raw'])
  })

  it('that is parsed and gives its response beside is no raw one', async () => {
    const [promise, log] = observed('answer')
    await Promise.all([promise.parse(), promise.asResponse()])
    expect(log).toEqual([['value', 'answer'], 'settled'])
  })

  it('is observed once only', () => {
    const [promise] = observed('answer')
    expect(observeApiPromise(promise, observerOf([]))).toBe(false)
  })

  it.each([undefined, 1, {}, Promise.resolve(1), Object.assign(Promise.resolve(1), { responsePromise: 1 })])(
    'must have the expected shape: %o is left alone',
    (value) => {
      expect(observeApiPromise(value, observerOf([]))).toBe(false)
    },
  )
})
