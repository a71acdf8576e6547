import { type Attributes, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api'
import { setAgentName, setIdentity } from '@agentel/api'
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace'
import { describe, expect, it, vi } from 'vitest'
import { parseSamplingRule, ruleSampler, shareSampler, SamplingRuleError } from '../src/index.ts'

const off = new ParentBasedSampler({ root: new AlwaysOffSampler() })
const ID = '5b8aa5a2d2c872e8321cf37308d69df2'

function decide(rules: string[], attributes: Attributes = {}, name = 'op', context = ROOT_CONTEXT) {
  const sampler = ruleSampler(off, rules.map(parseSamplingRule))
  return sampler.shouldSample(context, ID, name, SpanKind.INTERNAL, attributes, [])
}

describe('A sampling rule', () => {
  it.each<[string, Attributes, string, number]>([
    ['agent=billing:1', { 'gen_ai.agent.name': 'billing' }, 'op', 2],
    ['agent=billing:1', { 'gen_ai.agent.name': 'support' }, 'op', 0],
    ['agent=desk:1', {}, 'op', 2],
    ['user=ann:1', {}, 'op', 2],
    ['user=bob:1', {}, 'op', 0],
    ['tenant=t*:1', {}, 'op', 2],
    ['name=chat *:1', {}, 'chat gpt-4o', 2],
    ['name=chat *:1', {}, 'embed', 0],
    ['http.route=/health:1', { 'http.route': '/health' }, 'op', 2],
    ['http.route=/health:1', {}, 'op', 0],
    ['a=1&b=x:1', { a: 1, b: 'x' }, 'op', 2],
    ['a=1&b=x:1', { a: 1, b: 'y' }, 'op', 0],
  ])('%s on %j of a span %s decides %i', (rule, attributes, name, decision) => {
    const context = setAgentName(setIdentity(ROOT_CONTEXT, { userId: 'ann', tenantId: 't1' }), 'desk')
    expect(decide([rule], attributes, name, context).decision).toBe(decision)
  })

  it('decides before those after it, and says in the attributes and the trace state what it did', () => {
    expect(decide(['a=1:0', 'a=*:1'], { a: 1 })).toEqual({ decision: 0 })
    const kept = decide(['a=1:0', 'a=*:1'], { a: 2 }) as ReturnType<ReturnType<typeof shareSampler>['shouldSample']>
    expect(kept.attributes).toEqual({ 'agentel.sampling.reason': 'rule' })
    expect(kept.traceState?.serialize()).toBe('ot=th:0')
  })

  it('keeps a trace of high priority whatever the rules say', () => {
    expect(decide(['a=1:0'], { a: 1, 'agentel.sampling.priority': 1 })).toMatchObject({
      decision: 2,
      attributes: { 'agentel.sampling.reason': 'priority' },
    })
    expect(decide(['a=1:0'], { a: 1, 'agentel.sampling.priority': 'high' }).decision).toBe(2)
    expect(decide(['a=1:0'], { a: 1, 'agentel.sampling.priority': 0 }).decision).toBe(0)
  })

  it('lets so many traces a second through and no more', () => {
    vi.useFakeTimers()
    const sampler = ruleSampler(off, [parseSamplingRule('a=1:3/s')])
    const one = () => sampler.shouldSample(ROOT_CONTEXT, ID, 'op', SpanKind.INTERNAL, { a: 1 }, []).decision
    expect([one(), one(), one(), one()]).toEqual([2, 2, 2, 0])
    vi.advanceTimersByTime(1000)
    expect([one(), one(), one(), one()]).toEqual([2, 2, 2, 0])
    vi.useRealTimers()
  })

  it.each([TraceFlags.NONE, TraceFlags.SAMPLED])('is not asked where the parent has decided: %i', (traceFlags) => {
    const parent = { traceId: ID, spanId: '1'.repeat(16), traceFlags, isRemote: true }
    const context = trace.setSpanContext(ROOT_CONTEXT, parent)
    const rule = traceFlags === TraceFlags.NONE ? 'a=1:1' : 'a=1:0'
    expect(decide([rule], { a: 1 }, 'op', context).decision).toBe(traceFlags === TraceFlags.NONE ? 0 : 2)
  })

  it.each(['agent', 'agent=x', 'agent=x:2', 'agent=x:-1', '=x:1', 'agent=:1', 'agent=x:1/m', ''])(
    'that is written %j is refused with how to write one',
    (text) => {
      expect(() => parseSamplingRule(text)).toThrow(SamplingRuleError)
      expect(() => parseSamplingRule(text)).toThrow(`sampling rule ${JSON.stringify(text)}: write conditions`)
    },
  )
})

describe('A share of all traces', () => {
  const ids = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 4 }, () =>
      Math.floor(Math.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join(''),
  )
  const keptBy = (share: number) => {
    const sampler = shareSampler(share)
    return ids.filter((id) => sampler.shouldSample(ROOT_CONTEXT, id, 'op', SpanKind.INTERNAL, {}, []).decision === 2)
  }

  it('is as large as it says, and contains every smaller share', () => {
    const [tenth, half] = [keptBy(0.1), new Set(keptBy(0.5))]
    // Six standard deviations on either side.
    expect(Math.abs(tenth.length - 2000)).toBeLessThan(260)
    expect(tenth.every((id) => half.has(id))).toBe(true)
    expect(keptBy(0)).toEqual([])
    expect(keptBy(1).length).toBe(ids.length)
  })

  // Thresholds as the specification of consistent probability sampling has them.
  it.each([
    [0.5, 'ot=th:8'],
    [0.25, 'ot=th:c'],
    [1, 'ot=th:0'],
  ])('of %d is the trace state %s', (share, state) => {
    const id = 'f'.repeat(32)
    expect(
      shareSampler(share).shouldSample(ROOT_CONTEXT, id, 'op', SpanKind.INTERNAL, {}, []).traceState?.serialize(),
    ).toBe(state)
  })

  it('goes by the randomness of the trace state where there is some, and keeps what else is there', async () => {
    const { createTraceState } = await import('@opentelemetry/api')
    const traceState = createTraceState('ot=rv:ffffffffffffff;p:1,vendor=x')
    const context = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '0'.repeat(31) + '1',
      spanId: '1'.repeat(16),
      traceFlags: 1,
      traceState,
    })
    const result = shareSampler(0.5).shouldSample(context, '0'.repeat(31) + '1', 'op', SpanKind.INTERNAL, {}, [])
    expect(result.decision).toBe(2)
    expect(result.traceState?.serialize()).toBe('ot=th:8;rv:ffffffffffffff;p:1,vendor=x')
  })
})
