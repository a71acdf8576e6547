import { expect, it } from 'vitest'
import type { MetricSeriesList } from '../../src/api/contract.ts'
import { budgetsOf } from '../../ui/pages/cost/budget-states.ts'

type Series = MetricSeriesList['series'][number]

const series = (service: string, name: string, ...value: (number | null)[]): Series => ({
  attributes: { 'agentel.budget.name': name, 'agentel.budget.scope': 'total' },
  service,
  time: value.map((_, i) => i),
  value,
  rate: null,
  count: null,
  p50: null,
  p95: null,
  p99: null,
})

it('pairs what each service spent with its own limit, and names the service only where several report the same', () => {
  const limits = [series('shop', 'day', 10), series('desk', 'day', 10, null), series('shop', 'hour', 1)]
  const usages = [series('desk', 'day', 1, 2), series('shop', 'day', 8), series('shop', 'hour', 0.5, null)]
  const shared = { scope: 'total', owner: null }
  expect(budgetsOf(limits, usages)).toEqual([
    { name: 'day', ...shared, service: 'shop', limit: 10, used: 8 },
    { name: 'hour', ...shared, service: null, limit: 1, used: 0.5 },
    { name: 'day', ...shared, service: 'desk', limit: 10, used: 2 },
  ])
})

it('leaves out a budget of which only one side is known', () => {
  expect(budgetsOf([series('shop', 'day', 10)], [series('desk', 'day', 1)])).toEqual([])
})
