import { context, propagation, trace } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { emitEvent, getIdentity, task, withIdentity, withTrace } from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()

describe('withIdentity', () => {
  it('adds to what is outside: named fields replace, tags join, metadata merge', () => {
    const outer = { userId: 'u1', tenantId: 't1', tags: ['a', 'b'], metadata: { plan: 'pro', seats: 3 } }
    withIdentity(outer, () =>
      withIdentity({ userId: 'u2', sessionId: 's1', tags: ['b', 'c'], metadata: { plan: 'team' } }, () => {
        expect(getIdentity()).toEqual({
          userId: 'u2',
          tenantId: 't1',
          sessionId: 's1',
          tags: ['a', 'b', 'c'],
          metadata: { plan: 'team', seats: 3 },
        })
      }),
    )
    expect(getIdentity()).toEqual({})
  })

  it('is stamped on every span and event of ours, also when no processor of ours is there', async () => {
    await withIdentity({ userId: 'u1', conversationId: 'c1', tags: ['x'], metadata: { seats: 3 } }, async () => {
      await Promise.resolve()
      task('t', () => emitEvent('my.event', { own: 1, 'user.id': 'somebody else' }))
    })
    const stamped = {
      'user.id': 'u1',
      'gen_ai.conversation.id': 'c1',
      'agentel.tags': ['x'],
      'agentel.metadata.seats': '3',
    }
    expect(telemetry.span('task t').attributes).toEqual({ ...stamped, 'agentel.task.name': 't' })
    expect(eventsOf(telemetry)[1]).toEqual(['my.event', undefined, { ...stamped, own: 1, 'user.id': 'somebody else' }])
  })

  it('never puts anything into the baggage of the context', () => {
    const own = propagation.createBaggage({ own: { value: '1' } })
    context.with(propagation.setBaggage(context.active(), own), () =>
      withIdentity({ userId: 'u1', metadata: { a: 'b' } }, () =>
        task('t', () => {
          expect(propagation.getActiveBaggage()?.getAllEntries()).toEqual([['own', { value: '1' }]])
          const headers: Record<string, string> = {}
          propagation.inject(context.active(), headers)
          expect(headers.baggage).toBe('own=1')
        }),
      ),
    )
  })

  it('is kept apart in 10,000 operations at once', async () => {
    const turns = Array.from({ length: 10_000 }, (_, index) =>
      withIdentity({ userId: `u${index}` }, () =>
        task(`t${index}`, async () => {
          await new Promise((resolve) => setTimeout(resolve, index % 7))
          return task('inner', async (inner) => [getIdentity().userId, inner.span.spanContext().traceId])
        }),
      ),
    )
    const results = await Promise.all(turns)
    expect(results.map(([user]) => user)).toEqual(turns.map((_, index) => `u${index}`))
    expect(new Set(results.map(([, traceId]) => traceId)).size).toBe(10_000)
    expect(telemetry.spans()).toHaveLength(20_000)
    for (const { name, attributes } of telemetry.spans())
      if (name !== 'task inner') expect(name).toBe(`task t${String(attributes['user.id']).slice(1)}`)
    expect(trace.getActiveSpan()).toBeUndefined()
  })
})

describe('withTrace', () => {
  it('names the first spans inside only', () => {
    withTrace({ name: 'answer question', groupId: 'thread-7', userId: 'u1' }, () => {
      task('first', () => task('inner', () => undefined))
      task('second', () => undefined)
    })
    const named = { 'agentel.trace.name': 'answer question', 'agentel.trace.group.id': 'thread-7' }
    expect(telemetry.span('task first').attributes).toEqual({ 'agentel.task.name': 'first', 'user.id': 'u1', ...named })
    expect(telemetry.span('task second').attributes).toEqual({
      'agentel.task.name': 'second',
      'user.id': 'u1',
      ...named,
    })
    expect(telemetry.span('task inner').attributes).toEqual({ 'agentel.task.name': 'inner', 'user.id': 'u1' })
  })
})
