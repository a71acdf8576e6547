import { expect, it } from 'vitest'
import { openAccount, spend, unsavedOf, usageOf } from '../src/budget-account.ts'
import { parseBudgets } from '../src/budget-options.ts'

const HOUR = 3_600_000
const [rolling] = parseBudgets([{ name: 'r', scope: 'total', period: 'hour', cost: 1, window: 'rolling' }])

it.each([
  ['is remembered where it is to be stored', true, 30],
  ['is forgotten with its window where it is stored nowhere', false, 0],
])('Spend %s', (_what, keeps, unsaved) => {
  const account = openAccount(rolling!, '', 0)
  for (let hours = 0; hours < 10; hours++) spend(account, 3, hours * 2 * HOUR, keeps)
  expect(usageOf(account)).toBe(3)
  expect(account.slots.size).toBe(1)
  expect(unsavedOf(account)).toBe(unsaved)
})
