import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

interface Printed {
  readonly arrived: { who: string; from: string; traceparent: boolean; baggage: string | null }[]
  readonly seen: unknown[]
  readonly users: [string, string | null][]
}

describe('with the instrumentation of fetch on', () => {
  let printed: Printed
  beforeAll(() => {
    printed = runFixture(join(import.meta.dirname, 'fixtures/undici-host.ts')) as Printed
  })

  it('no request to a model provider carries baggage of ours, not even from a service that was told', () => {
    const toProvider = printed.arrived.filter(({ who }) => who === 'provider')
    expect(toProvider.map(({ from, traceparent, baggage }) => [from, traceparent, baggage])).toEqual([
      ['/v1/chat/completions', true, 'feature=x%20y'],
      ['/inside-send', true, 'feature=x%20y'],
      ['/from-service', true, 'feature=x%20y'],
      ['/from-service', true, 'feature=x%20y'],
    ])
    expect(JSON.stringify(toProvider)).not.toMatch(/agentel|ann|s1|t1|pro"/)
  })

  it('an allowed host gets the identity beside the baggage of the application, under no other name', () => {
    const toService = printed.arrived.filter(({ who }) => who === 'service')
    expect(toService.map(({ from, baggage }) => [from, baggage])).toEqual([
      [
        '/work',
        'feature=x%20y,agentel.user.id=ann%40example.com,agentel.session.id=s1,agentel.tenant.id=t1,agentel.metadata.plan=pro',
      ],
      ['/same-service-by-a-name-that-is-not-allowed', 'feature=x%20y'],
    ])
  })

  it('the receiving side has the identity again, and not in its baggage', () => {
    const identity = { userId: 'ann@example.com', sessionId: 's1', tenantId: 't1', metadata: { plan: 'pro' } }
    expect(printed.seen).toEqual([
      { identity, baggage: [['feature', 'x y']] },
      { identity: {}, baggage: [['feature', 'x y']] },
    ])
    expect(printed.users.filter(([name]) => name === 'task serve')).toEqual([
      ['task serve', 'ann@example.com'],
      ['task serve', null],
    ])
  })
})
