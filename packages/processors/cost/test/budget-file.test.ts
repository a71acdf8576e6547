import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTestTelemetry } from '@agentel/testing'
import { afterAll, expect, it } from 'vitest'
import { type BudgetsOptions, createBudgets, forgetSpend } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-budget-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const BUDGETS: BudgetsOptions['budgets'] = [{ name: 'all', scope: 'total', period: 'month', cost: 1000 }]
const DAILY: BudgetsOptions['budgets'] = [{ name: 'daily', scope: 'user', period: 'day', cost: 10 }]

let files = 0
const newFile = () => join(folder, `budgets-${++files}.db`)

/** What an enricher sees of a call that is about to end. */
const chat = (cost: number, userId = 'ann') =>
  ({
    attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': cost, 'user.id': userId },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
  }) as never

it('forgets the spend of a user in a file of version 1 that nobody has opened since', () => {
  const file = newFile()
  const old = new DatabaseSync(file)
  old.exec(`PRAGMA user_version = 1;
    CREATE TABLE spend (budget TEXT NOT NULL, key TEXT NOT NULL, slot INTEGER NOT NULL, amount REAL NOT NULL,
      PRIMARY KEY (budget, key, slot)) WITHOUT ROWID;
    INSERT INTO spend VALUES ('daily', 'ann@example.org', 0, 2), ('daily', 'bob@example.org', 0, 3);`)
  old.close()
  expect(forgetSpend(file, { userId: 'ann@example.org' })).toBe(1)
  const left = new DatabaseSync(file)
  expect(left.prepare('SELECT key, amount FROM spend').all()).toEqual([{ key: 'bob@example.org', amount: 3 }])
  left.close()
})

it('loses nothing of thousands of users who have spent since it last saved', async () => {
  const file = newFile()
  const budgets = createBudgets({ budgets: DAILY, file })
  const users = Array.from({ length: 2600 }, (_, index) => `user ${index}`)
  for (const user of users) budgets.enricher.onEnding?.(chat(1, user))
  await budgets.close()
  const database = new DatabaseSync(file)
  expect(database.prepare('SELECT count(*) AS rows, sum(amount) AS amount FROM spend').get()).toEqual({
    rows: 2600,
    amount: 2600,
  })
  database.close()
})

it('saves by itself soon after a call', async () => {
  const file = newFile()
  const budgets = createBudgets({ budgets: BUDGETS, file })
  budgets.enricher.onEnding?.(chat(2))
  const other = createBudgets({ budgets: BUDGETS, file })
  await expect.poll(() => other.checkBudget().budgets[0]?.used).toBe(2)
  await other.close()
  await budgets.close()
})

it('forgets nobody to make room whose spend is not saved yet, and loses nothing of those it forgets', async () => {
  const telemetry = createTestTelemetry()
  const budgets = createBudgets({ budgets: DAILY, file: newFile(), maxAccounts: 1 })
  for (const user of ['ann', 'bob', 'ann']) budgets.enricher.onEnding?.(chat(1, user))
  await budgets.flush()
  const used = (userId: string) => budgets.checkBudget({ userId }).budgets[0]?.used
  expect(['ann', 'bob', 'cid', 'dan', 'ann', 'bob'].map(used)).toEqual([2, 1, 0, 0, 2, 1])
  expect((await telemetry.metrics()).map(({ descriptor }) => descriptor.name)).not.toContain('agentel.self.evicted')
  await budgets.close()
  await telemetry.shutdown()
})

it('knows what others have saved as soon as it has saved itself, and its own while that is not saved', async () => {
  const file = newFile()
  let now = Date.parse('2026-11-21T12:00:00Z')
  const options = { budgets: BUDGETS, file, now: () => now }
  const [mine, theirs] = [createBudgets(options), createBudgets(options)]
  const used = () => mine.checkBudget().budgets[0]?.used
  expect(used()).toBe(0)
  theirs.enricher.onEnding?.(chat(7))
  await theirs.flush()
  mine.enricher.onEnding?.(chat(1))
  expect(used()).toBe(1)
  await mine.flush()
  expect(used()).toBe(8)
  mine.enricher.onEnding?.(chat(2))
  now += 201
  expect(used()).toBe(10)
  await Promise.all([mine.close(), theirs.close()])
})

it('begins a day at nothing, though the last spend of the day before is saved in it', async () => {
  let now = Date.parse('2026-11-21T23:59:59.900Z')
  const told: unknown[] = []
  const budgets = createBudgets({
    budgets: [{ name: 'day', scope: 'total', period: 'day', cost: 10 }],
    file: newFile(),
    now: () => now,
    onThreshold: ({ used: sum }, threshold) => void told.push([sum, threshold]),
  })
  const used = () => budgets.checkBudget().budgets[0]?.used
  budgets.enricher.onEnding?.(chat(7))
  now += 200
  expect(used()).toBe(0)
  await budgets.flush()
  expect(used()).toBe(0)
  for (const cost of [4, 5]) {
    budgets.enricher.onEnding?.(chat(cost))
    await budgets.flush()
  }
  expect(used()).toBe(9)
  expect(told).toEqual([[9, 0.8]])
  await budgets.close()
})
