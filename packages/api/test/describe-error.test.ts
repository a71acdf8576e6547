import { describe, expect, it } from 'vitest'
import { cut, describeError } from '../src/describe-error.ts'

class APIError extends Error {
  readonly status: number
  constructor(status: number, message = 'refused') {
    super(message)
    this.status = status
  }
}
class APIUserAbortError extends Error {}
class APIConnectionTimeoutError extends Error {}
class RateLimitError extends Error {}

const coded = (code: string, name = 'Error'): Error => Object.assign(new Error('x'), { code, name })
const caused = (cause: unknown): Error => new TypeError('fetch failed', { cause })
const attempts = (lastError: unknown): Error =>
  Object.assign(new Error('Failed after 3 attempts.'), { name: 'AI_RetryError', errors: [lastError], lastError })
const named = (error: unknown, kind?: 'api' | 'tool' | 'other'): [string, string] => {
  const { type, category } = describeError(error, kind)
  return [type, category]
}

describe('describeError', () => {
  it.each<[string, unknown, string, string]>([
    ['an HTTP status', new APIError(500), '500', 'api'],
    ['a rate limit', new APIError(429), '429', 'rate_limit'],
    ['a rate limit by name', new RateLimitError('slow down'), 'RateLimitError', 'rate_limit'],
    ['a gateway timeout', new APIError(504), '504', 'timeout'],
    ['an unprocessable request', new APIError(422), '422', 'validation'],
    ['an abort', new DOMException('aborted', 'AbortError'), 'cancelled', 'other'],
    ['an abort of a client', new APIUserAbortError(), 'cancelled', 'other'],
    ['a timeout', new DOMException('late', 'TimeoutError'), 'timeout', 'timeout'],
    ['a timeout of a client', new APIConnectionTimeoutError(), 'timeout', 'timeout'],
    ['a timeout underneath', caused(coded('UND_ERR_HEADERS_TIMEOUT')), 'timeout', 'timeout'],
    ['a refused connection', caused(coded('ECONNREFUSED')), 'ECONNREFUSED', 'api'],
    ['a system error', coded('ENOENT'), 'ENOENT', 'other'],
    ['the last of several attempts', attempts(new APIError(429)), '429', 'rate_limit'],
    ['the last of several, a timeout', attempts(new APIConnectionTimeoutError()), 'timeout', 'timeout'],
    ['an attempt of which nothing is said', attempts(undefined), 'AI_RetryError', 'other'],
    ['a class of its own', new TypeError('x'), 'TypeError', 'other'],
    ['a bad value', new SyntaxError('x'), 'SyntaxError', 'validation'],
    ['a schema error', Object.assign(new Error('x'), { name: 'ZodError' }), 'ZodError', 'validation'],
    ['a plain Error', new Error('x'), 'Error', 'other'],
    ['a string', 'boom', '_OTHER', 'other'],
    ['null', null, '_OTHER', 'other'],
    ['undefined', undefined, '_OTHER', 'other'],
    ['a number', 42, '_OTHER', 'other'],
    ['a symbol', Symbol('s'), '_OTHER', 'other'],
    ['a plain object', { message: 'x' }, '_OTHER', 'other'],
    ['an object without a prototype', Object.create(null), '_OTHER', 'other'],
  ])('names %s', (_, error, type, category) => {
    expect(named(error)).toEqual([type, category])
  })

  it('says tool or api where the error says nothing itself', () => {
    expect(named(new Error('x'), 'tool')).toEqual(['Error', 'tool'])
    expect(named(new Error('x'), 'api')).toEqual(['Error', 'api'])
    expect(named(new APIUserAbortError(), 'api')).toEqual(['cancelled', 'other'])
    expect(named(new APIError(429), 'tool')).toEqual(['429', 'rate_limit'])
  })

  it('reads nothing that would throw', () => {
    const thrower = {}
    for (const key of ['name', 'message', 'stack', 'code', 'status', 'cause', 'constructor']) {
      Object.defineProperty(thrower, key, {
        get: () => {
          throw new Error(`${key} is not for you`)
        },
      })
    }
    const proxy = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('no')
      },
    })
    for (const error of [thrower, proxy, Object.freeze(new Error('frozen'))])
      expect(() => describeError(error)).not.toThrow()
    expect(describeError(thrower)).toEqual({
      type: '_OTHER',
      name: 'Object',
      message: '',
      stack: undefined,
      category: 'other',
    })
  })

  it('keeps at most 1 KB of a message and 4 KB of a stack, and no message in the stack', () => {
    const error = new Error(`secret prompt ${'x'.repeat(1_000_000)}`)
    error.stack = `Error: ${error.message}\n${'    at f (file.js:1:1)\n'.repeat(10_000)}`
    const { message, stack } = describeError(error)
    expect(message).toHaveLength(1024)
    expect(stack).toHaveLength(4096)
    expect(stack).not.toContain('secret prompt')
  })

  it('takes no type that is made up of data', () => {
    expect(named(Object.assign(new Error('x'), { name: 'user 4711 not found' }))).toEqual(['_OTHER', 'other'])
    expect(named(Object.assign(new Error('x'), { code: 'https://host/path?key=secret' }))[0]).toBe('Error')
  })
})

describe('cut', () => {
  it('never splits a character that takes two units', () => {
    expect(cut('ab😀cd', 4)).toBe('ab…')
    expect(cut('ab😀cd', 5)).toBe('ab😀…')
    expect(cut('ab😀cd', 6)).toBe('ab😀cd')
  })
})
