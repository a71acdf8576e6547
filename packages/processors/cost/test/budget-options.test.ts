import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BudgetOptionError, createBudgets, readBudgetFile } from '../src/index.ts'

it('reads a list of budgets from a file, and names the file in which something is wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-budget-list-'))
  const [good, bad] = [join(folder, 'good.yaml'), join(folder, 'bad.json')]
  writeFileSync(good, '- {name: daily, scope: user, period: day, cost: 5}\n')
  writeFileSync(bad, '[{"name": "daily", "scope": "user", "period": "day", "cost": 5, "limit": 5}]')
  expect(readBudgetFile(good)).toEqual([{ name: 'daily', scope: 'user', period: 'day', cost: 5 }])
  expect(() => readBudgetFile(bad)).toThrow(
    `budget list ${bad}: budgets: [0].limit is not known; known are name, scope,`,
  )
  rmSync(folder, { recursive: true })
})

it('refuses two budgets of one name', () => {
  const budget = { name: 'x', scope: 'total', period: 'day', cost: 1 } as const
  expect(() => createBudgets({ budgets: [budget, budget] })).toThrow('budgets: name "x" must be used only once')
})

it.each([
  [{ name: '', scope: 'total', period: 'day', cost: 1 }, 'budgets: [0].name must be a text that is not empty'],
  [
    { name: 'x', scope: 'team', period: 'day', cost: 1 },
    'budgets: [0].scope must be one of total, tenant, agent, user, session',
  ],
  [
    { name: 'x', scope: 'total', period: 'week', cost: 1 },
    'budgets: [0].period must be one of request, hour, day, month',
  ],
  [{ name: 'x', scope: 'total', period: 'day' }, 'budgets: [0] must be given exactly one of cost and tokens'],
  [
    { name: 'x', scope: 'total', period: 'day', cost: 1, tokens: 1 },
    'budgets: [0] must be given exactly one of cost and tokens',
  ],
  [
    { name: 'x', scope: 'total', period: 'day', cost: 1, window: 'sliding' },
    'budgets: [0].window must be calendar or rolling',
  ],
  [
    { name: 'x', scope: 'total', period: 'day', cost: 1, thresholds: [] },
    'budgets: [0].thresholds must be shares above 0',
  ],
  [
    { name: 'x', scope: 'total', period: 'day', cost: 1, thresholds: [0, 1] },
    'budgets: [0].thresholds must be shares above 0',
  ],
  [
    { name: 'x', scope: 'total', period: 'day', cost: 1, onExceeded: 'stop' },
    'budgets: [0].onExceeded must be observe or throw',
  ],
  [{ name: 'x', scope: 'total', period: 'day', cost: 0 }, 'budgets: [0].cost must be a number above 0'],
  [
    { name: 'x', scope: 'total', period: 'day', cost: 1, timeZone: 'Mars/Base' },
    'budgets: [0].timeZone must be an IANA time zone',
  ],
  [
    { name: 'x', scope: 'total', period: 'request', cost: 1, onExceeded: 'throw' },
    'budgets: [0].onExceeded must be observe for a request',
  ],
])('refuses the budget %j', (options, message) => {
  expect(() => createBudgets({ budgets: [options as never] })).toThrow(BudgetOptionError)
  expect(() => createBudgets({ budgets: [options as never] })).toThrow(message)
})
