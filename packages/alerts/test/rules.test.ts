import { describe, expect, it } from 'vitest'
import { parseRules, standardRules } from '../src/index.ts'

const one = `
rules:
  - name: spend
    signal: agentel.client.inference.usage.cost
    aggregation: increase
    window: 1h
    above: 10
    for: 90s
    severity: error
    cooldown: 1d
    groupBy: [gen_ai.request.model]
    labels: { team: search }
    runbook: https://example.org/spend
`

describe('a file of rules', () => {
  it('is read with its window, its condition and its defaults', () => {
    expect(parseRules(one)).toStrictEqual([
      {
        name: 'spend',
        signal: 'agentel.client.inference.usage.cost',
        aggregation: 'increase',
        window: 3_600_000,
        above: 10,
        for: 90_000,
        severity: 'error',
        cooldown: 86_400_000,
        groupBy: ['gen_ai.request.model'],
        labels: { team: 'search' },
        runbook: 'https://example.org/spend',
      },
    ])
  })

  it.each([
    ['window: 1h', 'window: soon', 'rules[0].window: "soon" is not a duration; write 30s, 5m, 1h or 1d'],
    [
      'usage.cost',
      'usage.costs',
      'rules[0].signal: "agentel.client.inference.usage.costs" is not a metric of @agentel/semconv; see METRIC_* there',
    ],
    ['above: 10', 'below: 1\n    above: 10', 'rules[0].above: give either above or below'],
    [
      'aggregation: increase',
      'aggregation: ratio',
      'rules[0].numerator: belongs to the aggregation ratio, which needs it',
    ],
    [
      'aggregation: increase',
      'aggregation: average',
      'rules[0].aggregation: agentel.client.inference.usage.cost is a counter; it has a rate, an increase, a ratio or a sum',
    ],
    [
      'severity: error',
      'severity: bad',
      'rules[0].severity: Invalid option: expected one of "info"|"warning"|"error"|"critical"',
    ],
  ])('with %s written as %s is refused by its key path', (right, wrong, fault) => {
    expect(() => parseRules(one.replace(right, wrong), 'alerts.yaml')).toThrow(
      `alerts.yaml is not a file of alert rules:\n  ${fault}`,
    )
  })

  it('is refused when two rules have one name', () => {
    const twice = `${one}${one.replace('rules:\n', '')}`.replaceAll(/\n\n+/g, '\n')
    expect(() => parseRules(twice)).toThrow('rules[1].name: "spend" is there twice')
  })
})

describe('the standard rules', () => {
  it('hold every condition that operators expect, with its threshold', () => {
    const lines = standardRules.map(({ name, above, below, severity }) => [name, above ?? below, severity])
    expect(lines).toStrictEqual([
      ['error-rate', 0.05, 'critical'],
      ['error-rate-high', 0.1, 'critical'],
      ['errors-many', 10, 'error'],
      ['errors-of-category', 10, 'warning'],
      ['agent-success-low', 0.9, 'warning'],
      ['agent-success-very-low', 0.8, 'critical'],
      ['tool-success-low', 0.9, 'warning'],
      ['worker-failed', 0, 'error'],
      ['rating-low', 0, 'warning'],
      ['response-slow', 5, 'warning'],
      ['response-very-slow', 30, 'error'],
      ['workflow-slow', 30, 'warning'],
      ['tokens-per-request', 5000, 'warning'],
      ['cost-per-request', 0.05, 'warning'],
      ['cost-per-request-high', 0.1, 'error'],
      ['cost-hourly', 10, 'error'],
      ['cost-total', 50, 'error'],
      ['cpu-high', 0.8, 'warning'],
      ['cpu-very-high', 0.9, 'critical'],
      ['memory-high', 1e9, 'warning'],
      ['trace-volume', { percentile: 95, values: 1000, minimum: 50 }, 'warning'],
    ])
  })
})
