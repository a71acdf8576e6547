import { afterAll, beforeAll, expect, it } from 'vitest'
import { openAccount, spend } from '../src/budget-account.ts'
import { parseBudgets } from '../src/budget-options.ts'
import { type Budgets, createBudgets } from '../src/index.ts'
import { leaseKeeper } from '../src/lease-keeper.ts'
import { type LeaseServer, leaseServer } from '../src/lease-server.ts'
import { startRedis, type TestServer } from '@agentel/testing/redis-server'

let redis: TestServer
beforeAll(async () => {
  redis = await startRedis()
}, 120_000)
afterAll(() => redis?.remove())

let names = 0
const newBudget = (cost: number) => ({ name: `b${++names}`, scope: 'total', period: 'month', cost }) as const

const chat = (cost: number) =>
  ({
    attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': cost },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
  }) as never

it('sends what was spent again as it was when its answer was lost, so that it counts once', async () => {
  const [budget] = parseBudgets([newBudget(8)])
  const real = leaseServer(redis.url)
  let lost = 0
  const losing: LeaseServer = {
    ...real,
    async ask(request) {
      const lease = await real.ask(request)
      if (request.spent.length > 0 && lost++ === 0) throw new Error('lost')
      return lease
    },
  }
  const account = openAccount(budget!, '', Date.now())
  const keeper = leaseKeeper(losing, 10_000, { accounts: () => [account], tell: () => {}, now: Date.now })
  spend(account, 3, Date.now(), true)
  await keeper.flush()
  expect(lost).toBe(2)
  spend(account, 1, Date.now(), true)
  await keeper.flush()
  expect([...account.slots.values()]).toEqual([4])
  await keeper.close()
})

it('is beyond its lease as soon as all of it is spent', async () => {
  const [budget] = parseBudgets([newBudget(8)])
  const account = openAccount(budget!, '', Date.now())
  const keeper = leaseKeeper(leaseServer(redis.url), 60_000, {
    accounts: () => [account],
    tell: () => {},
    now: Date.now,
  })
  spend(account, 2, Date.now(), true)
  await keeper.flush()
  // Half of what is left.
  const beyond = [2.5, 0.5].map((amount) => {
    spend(account, amount, Date.now(), true)
    return keeper.isBeyondLease(account)
  })
  expect(beyond).toEqual([false, true])
  await keeper.close()
})

it('sends by itself what was spent right after it was asked', async () => {
  const budget = newBudget(100)
  const [mine, other] = [0, 1].map(() => createBudgets({ budgets: [budget], server: redis.url })) as [Budgets, Budgets]
  mine.enricher.onEnding?.(chat(1))
  await mine.flush()
  mine.enricher.onEnding?.(chat(1))
  await expect.poll(() => other.checkBudget().budgets[0]?.used, { timeout: 10_000 }).toBe(2)
  await Promise.all([mine.close(), other.close()])
})
