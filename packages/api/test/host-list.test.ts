import { describe, expect, it } from 'vitest'
import { hostList } from '../src/host-list.ts'

describe('hostList', () => {
  const isAllowed = hostList(['api.example.com', '*.internal.example', 'localhost:8080', '[::1]:9000'])
  it.each<[string, number | undefined, boolean]>([
    ['api.example.com', 443, true],
    ['API.Example.COM', undefined, true],
    ['api.example.com.', 443, true],
    ['evil-api.example.com', 443, false],
    ['api.example.com.evil.org', 443, false],
    ['a.internal.example', 80, true],
    ['a.b.internal.example', 80, true],
    ['internal.example', 80, false],
    ['notinternal.example', 80, false],
    ['localhost', 8080, true],
    ['localhost', 8081, false],
    ['localhost', undefined, false],
    ['::1', 9000, true],
    ['[::1]', 9000, true],
    ['api.openai.com', 443, false],
  ])('%s:%s is allowed: %s', (host, port, allowed) => {
    expect(isAllowed(host, port)).toBe(allowed)
  })

  it.each(['*', '', 'https://example.com', 'example.com/path', '*.', 'a b'])('refuses %j', (entry) => {
    expect(() => hostList([entry])).toThrow(`"${entry}" is no host`)
  })
})
