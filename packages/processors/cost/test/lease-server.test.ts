import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseBudgets } from '../src/budget-options.ts'
import { BudgetStoreError } from '../src/index.ts'
import { leaseServer } from '../src/lease-server.ts'
import { startRedis, type TestServer } from '@agentel/testing/redis-server'

let redis: TestServer
beforeAll(async () => {
  redis = await startRedis()
}, 120_000)
afterAll(() => redis?.remove())

const START = Date.UTC(2026, 10, 1)
const HOUR = 3_600_000

let names = 0
/** The first question about a budget of its own. */
function questionOf(cost: number) {
  const [budget] = parseBudgets([{ name: `b${++names}`, scope: 'total', period: 'hour', cost }])
  const window = { start: START, end: START + HOUR }
  return { budget: budget!, key: '', sequence: 1, spent: [] as [number, number][], reserve: 0, window }
}

it('counts nothing of a window that has passed', async () => {
  const server = leaseServer(redis.url)
  const question = questionOf(8)
  expect(await server.ask({ ...question, spent: [[START, 4]] })).toEqual({ amount: 2, slots: new Map([[START, 4]]) })
  const window = { start: START + HOUR, end: START + 2 * HOUR }
  expect(await server.ask({ ...question, sequence: 2, window })).toEqual({ amount: 4, slots: new Map() })
  await server.close()
})

it.each([
  ['nothing of what is overspent', 20, 0],
  ['all of what is left when that is less than a hundredth', 99.5, 0.5],
  ['a hundredth at least', 98.5, 1],
  ['half of what is left', 90, 5],
])('leases %s', async (_what, spent, amount) => {
  const server = leaseServer(redis.url)
  const limit = spent === 20 ? 8 : 100
  expect((await server.ask({ ...questionOf(limit), spent: [[START, spent]] })).amount).toBe(amount)
  await server.close()
})

it('leaves nothing behind for ever: what it keeps ends two days after its window, and leases an hour after their end', async () => {
  const client = createClient({ url: redis.url })
  await client.connect()
  const server = leaseServer(redis.url)
  const question = questionOf(8)
  const name = `agentel:budget:{${JSON.stringify([question.budget.name, ''])}}`
  const now = Date.now()
  await client.hSet(`${name}:leases`, { gone: `1 5 ${now - 2 * HOUR}`, ended: `1 5 ${now - HOUR / 2}` })
  expect((await server.ask({ ...question, spent: [[START, 4]] })).amount).toBe(2)
  expect(Object.keys(await client.hGetAll(`${name}:leases`))).toEqual(['ended', expect.any(String)])
  for (const kept of ['spend', 'leases']) {
    const left = await client.pTTL(`${name}:${kept}`)
    expect(left).toBeGreaterThan(48 * HOUR)
    expect(left).toBeLessThanOrEqual(49 * HOUR)
  }
  await server.close()
  client.destroy()
})

it('keeps no process alive that is connected to it', async () => {
  const script = `
    import { createBudgets } from '@agentel/processor-cost'
    const budget = { name: 'alive', scope: 'total', period: 'day', cost: 1 }
    const budgets = createBudgets({ budgets: [budget], server: ${JSON.stringify(redis.url)} })
    budgets.enricher.onEnding({ attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1 } })
    await budgets.flush()
    console.log('done')`
  const args = ['--conditions=@agentel/source', '--input-type=module', '-e', script]
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  try {
    expect(await once(child, 'close')).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
  }
  expect(said).toBe('done\n')
})

it('does not try to connect again at once where that has just failed', async () => {
  const server = leaseServer('redis://127.0.0.1:1')
  const refusal = () => server.ask(questionOf(1)).catch((error: unknown) => error)
  const first = await refusal()
  expect(first).toBeInstanceOf(Error)
  expect(await refusal()).toBe(first)
  await server.close()
})

it.each(['localhost', 'http://localhost:6379', 'redis://'])('refuses the address %s', (address) => {
  expect(() => leaseServer(address)).toThrow(BudgetStoreError)
})
