import { beforeEach, describe, expect, it } from 'vitest'
import {
  type AlertChange,
  type AlertRuleInput,
  checkRules,
  createEvaluator,
  type Evaluator,
  type Sample,
  type Series,
} from '../src/index.ts'

const minute = 60_000
let now = 0
let data: Record<string, Series[]> = {}
let changes: AlertChange[] = []

const series = {
  samples(metric: string, from: number, to: number): readonly Series[] {
    if (metric === 'agentel.messages') throw new Error('store is gone')
    return (data[metric] ?? []).flatMap((each) => {
      const points = (each.points as Sample[]).filter(({ time }) => time >= from && time <= to)
      return points.length === 0 ? [] : ({ ...each, points } as Series)
    })
  },
}
const queue: AlertRuleInput = {
  name: 'queue',
  signal: 'agentel.queue.depth',
  aggregation: 'sum',
  groupBy: ['agentel.queue.name'],
  window: '5m',
  above: 10,
  severity: 'error',
  cooldown: '10m',
  labels: { team: 'search' },
  runbook: 'https://example.org/queue',
}
function evaluatorOf(...rules: AlertRuleInput[]): Evaluator {
  return createEvaluator({
    rules: checkRules({ rules }),
    series,
    now: () => now,
    onChange: (change) => changes.push(change),
  })
}
function depth(value: number, name = 'in'): Series {
  return { kind: 'gauge', labels: { 'agentel.queue.name': name }, points: [{ time: now, value }] }
}
const told = (evaluator: Evaluator): string[] =>
  evaluator.evaluate().map(({ rule, status, alerts, open }) => `${rule} ${status} ${alerts.length} open ${open}`)

beforeEach(() => {
  now = 1_700_000_000_000
  data = {}
  changes = []
})

describe('an alert', () => {
  it('carries value, threshold, source, labels and runbook, and who resolved it and when', () => {
    const evaluator = evaluatorOf(queue)
    const start = now
    data['agentel.queue.depth'] = [depth(12), depth(3, 'out')]
    expect(told(evaluator)).toStrictEqual(['queue firing 1 open 1'])
    const active = {
      id: 'queue{agentel.queue.name="in"}',
      rule: 'queue',
      severity: 'error',
      runbook: 'https://example.org/queue',
      labels: { team: 'search', 'agentel.queue.name': 'in' },
      state: 'active',
      value: 12,
      threshold: 10,
      source: 'agentel.queue.depth',
      startedAt: start,
      changedAt: start,
    }
    expect(evaluator.alerts()).toStrictEqual([active])
    now += minute
    expect(evaluator.acknowledge(active.id, 'ada')).toBe(true)
    const acknowledged = { ...active, state: 'acknowledged', changedAt: now, acknowledged: { by: 'ada', at: now } }
    expect(evaluator.alerts()).toStrictEqual([acknowledged])
    now += minute
    data['agentel.queue.depth'] = [depth(4)]
    expect(told(evaluator)).toStrictEqual(['queue resolved 1 open 0'])
    expect(changes.at(-1)).toStrictEqual({
      alert: { ...acknowledged, state: 'resolved', changedAt: now, resolved: { by: 'evaluator', at: now } },
      from: 'acknowledged',
      actor: 'evaluator',
      at: now,
    })
    expect(evaluator.history().map(({ alert, actor }) => `${alert.state} by ${actor}`)).toStrictEqual([
      'resolved by evaluator',
      'acknowledged by ada',
      'active by evaluator',
    ])
  })

  it('waits until its condition has held for as long as the rule says', () => {
    const evaluator = evaluatorOf({ ...queue, for: '2m' })
    for (const [value, want] of [
      [12, 0],
      [12, 0],
      [3, 0],
      [12, 0],
      [12, 0],
      [12, 1],
    ] as const) {
      data['agentel.queue.depth'] = [depth(value)]
      evaluator.evaluate()
      expect(evaluator.alerts()).toHaveLength(want)
      now += minute
    }
  })

  it('waits no longer than its rule says though the clock was set back', () => {
    const evaluator = evaluatorOf({ ...queue, for: '1m' })
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual([])
    now -= 60 * minute
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual([])
    now += minute
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual(['queue firing 1 open 1'])
    data['agentel.queue.depth'] = [depth(1)]
    expect(told(evaluator)).toStrictEqual(['queue resolved 1 open 0'])
    now -= 60 * minute
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual([])
    now += 11 * minute
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual(['queue firing 1 open 1'])
  })

  it('is not told again before its cooldown is over, and then is', () => {
    const evaluator = evaluatorOf(queue)
    const seen: string[][] = []
    for (const value of [12, 3, 12, 12]) {
      data['agentel.queue.depth'] = [depth(value)]
      seen.push(told(evaluator))
      now += 6 * minute
    }
    expect(seen).toStrictEqual([['queue firing 1 open 1'], ['queue resolved 1 open 0'], [], ['queue firing 1 open 1']])
  })

  it('is suppressed by a silence, and told of when the silence ends', () => {
    const evaluator = evaluatorOf(queue)
    evaluator.silence({ rule: 'queue', labels: { 'agentel.queue.name': 'in' }, until: now + 5 * minute, by: 'ada' })
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual([])
    expect(evaluator.alerts()[0]?.state).toBe('suppressed')
    now += 5 * minute
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual(['queue firing 1 open 1'])
    expect(evaluator.alerts()[0]?.state).toBe('active')
    expect(() => evaluator.silence({ until: now, by: 'ada' })).toThrow('until: a silence must end in the future')
  })

  it('that a person resolves is told as resolved at the next evaluation', () => {
    const evaluator = evaluatorOf(queue)
    data['agentel.queue.depth'] = [depth(12)]
    evaluator.evaluate()
    expect(evaluator.resolve(evaluator.alerts()[0]!.id, 'ada')).toBe(true)
    data = {}
    expect(told(evaluator)).toStrictEqual(['queue resolved 1 open 0'])
    expect(changes.at(-1)?.alert.resolved).toStrictEqual({ by: 'ada', at: now })
  })

  it('that a person resolves while its cause lasts is open again at once, and told again when the cooldown is over', () => {
    const evaluator = evaluatorOf(queue)
    const seen: string[][] = []
    for (let i = 0; i < 4; i++) {
      data['agentel.queue.depth'] = [depth(12)]
      seen.push(told(evaluator))
      if (i === 0) evaluator.resolve(evaluator.alerts()[0]!.id, 'ada')
      now += 4 * minute
    }
    expect(seen).toStrictEqual([['queue firing 1 open 1'], ['queue resolved 1 open 1'], [], ['queue firing 1 open 1']])
    expect(evaluator.alerts()).toMatchObject([{ state: 'active' }])
  })

  it('stands for each group, and all of one rule are told together', () => {
    const evaluator = evaluatorOf(queue)
    data['agentel.queue.depth'] = [depth(12), depth(13, 'out'), depth(2, 'dead')]
    expect(told(evaluator)).toStrictEqual(['queue firing 2 open 2'])
    expect(evaluator.summary()).toStrictEqual({
      byState: { active: 2, acknowledged: 0, suppressed: 0 },
      bySeverity: { info: 0, warning: 0, error: 2, critical: 0 },
      faults: {},
      dropped: 0,
    })
  })
})

describe('rules', () => {
  it('that cannot be evaluated never stop the others', () => {
    const evaluator = evaluatorOf({ ...queue, name: 'broken', signal: 'agentel.messages', aggregation: 'rate' }, queue)
    data['agentel.queue.depth'] = [depth(12)]
    expect(told(evaluator)).toStrictEqual(['queue firing 1 open 1'])
    expect(evaluator.summary().faults).toStrictEqual({ broken: 'store is gone' })
  })

  it('of increase and rate count what was added since, over a reset of the counter', () => {
    const points = [5, 9, 2, 4].map((value, index) => ({ time: now - (3 - index) * minute, value }))
    data['agentel.errors'] = [{ kind: 'counter', labels: {}, start: 0, points }]
    const rule = { name: 'i', signal: 'agentel.errors', window: '5m', above: 0, severity: 'info' } as const
    const evaluator = evaluatorOf({ ...rule, aggregation: 'increase' }, { ...rule, name: 'r', aggregation: 'rate' })
    evaluator.evaluate()
    const values = Object.fromEntries(evaluator.alerts().map((alert) => [alert.rule, alert.value]))
    expect(values).toStrictEqual({ i: 8, r: 8 / 300 })
  })

  it('of ratio, percentile and average read distributions that began within the window', () => {
    const spread = (counts: number[], sum: number): { time: number; value: object }[] => [
      { time: now, value: { count: counts.reduce((all, each) => all + each), sum, bounds: [1, 2, 4], counts } },
    ]
    const about = { kind: 'distribution', start: now - minute } as const
    data['gen_ai.client.inference.duration'] = [
      { ...about, labels: {}, points: spread([8, 8, 0, 0], 20) },
      { ...about, labels: { 'error.type': '500' }, points: spread([0, 0, 4, 0], 12) },
    ] as Series[]
    const rule = { signal: 'gen_ai.client.inference.duration', window: '5m', above: 0, severity: 'info' } as const
    const evaluator = evaluatorOf(
      { ...rule, name: 'failed', aggregation: 'ratio', numerator: { labels: { 'error.type': '*' } } },
      { ...rule, name: 'fine', aggregation: 'ratio', numerator: { labels: { 'error.type': '' } } },
      { ...rule, name: 'p90', aggregation: 'percentile', percentile: 90 },
      { ...rule, name: 'mean', aggregation: 'average' },
    )
    evaluator.evaluate()
    const values = Object.fromEntries(evaluator.alerts().map((alert) => [alert.rule, alert.value]))
    expect(values).toStrictEqual({ failed: 0.2, fine: 0.8, p90: 3, mean: 1.6 })
  })

  it('of absence fire while nothing comes', () => {
    const evaluator = evaluatorOf({
      name: 'gone',
      signal: 'agentel.queue.depth',
      aggregation: 'absence',
      window: '5m',
      severity: 'critical',
    })
    expect(told(evaluator)).toStrictEqual(['gone firing 1 open 1'])
    data['agentel.queue.depth'] = [depth(0)]
    expect(told(evaluator)).toStrictEqual(['gone resolved 1 open 0'])
  })

  it('of an adaptive threshold fire above the percentile of the last values, once there are enough', () => {
    const evaluator = evaluatorOf({ ...queue, above: { minimum: 50 } })
    for (let index = 0; index < 50; index += 1) {
      data['agentel.queue.depth'] = [depth(index === 10 ? 500 : 1)]
      expect(told(evaluator)).toStrictEqual([])
      now += minute
    }
    data['agentel.queue.depth'] = [depth(40)]
    expect(told(evaluator)).toStrictEqual(['queue firing 1 open 1'])
    expect(evaluator.alerts()[0]).toMatchObject({ value: 40, threshold: 1 })
  })

  it('stay bounded in a storm of series', () => {
    const rules = checkRules({ rules: [queue] })
    const evaluator = createEvaluator({ rules, series, now: () => now, historySize: 10, maxGroups: 100 })
    data['agentel.queue.depth'] = Array.from({ length: 10_000 }, (_, index) => depth(12, `q${index}`))
    evaluator.evaluate()
    expect(evaluator.alerts()).toHaveLength(100)
    expect(evaluator.history()).toHaveLength(10)
    expect(evaluator.summary().dropped).toBe(9900)
  })
})
