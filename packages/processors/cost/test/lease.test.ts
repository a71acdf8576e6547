import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type Budgets, BudgetStoreError, type BudgetsOptions, createBudgets } from '../src/index.ts'
import { openAccount, spend } from '../src/budget-account.ts'
import { leaseKeeper } from '../src/lease-keeper.ts'
import { type LeaseServer, leaseServer } from '../src/lease-server.ts'
import { parseBudgets } from '../src/budget-options.ts'
import { startRedis, type TestServer } from '@agentel/testing/redis-server'

let redis: TestServer
beforeAll(async () => {
  redis = await startRedis()
}, 120_000)
afterAll(() => redis?.remove())
const open: Budgets[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  diag.disable()
  // One that a fault keeps alive would keep its pipes open, and whoever waits for them.
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.allSettled(open.splice(0).map((one) => one.close()))
})

let names = 0
const newBudget = (cost: number) =>
  ({ name: `b${++names}`, scope: 'total', period: 'month', cost, onExceeded: 'throw' }) as const

function budgetsOf(budget: BudgetsOptions['budgets'][number], options: Partial<BudgetsOptions> = {}): Budgets {
  const made = createBudgets({ budgets: [budget], server: redis.url, ...options })
  open.push(made)
  return made
}

function chat(cost: number, more: object = {}) {
  return {
    attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': cost, ...more },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
  } as never
}
const used = (budgets: Budgets) => budgets.checkBudget().budgets[0]?.used

async function linesOf(child: ChildProcess): Promise<string[]> {
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await once(child, 'close')
  return text.trim().split('\n')
}

/** A process that is ready to spend, and spends when it is let go. */
async function spender(budget: object, dollars: number): Promise<() => Promise<string[]>> {
  const script = join(import.meta.dirname, 'lease-spender.ts')
  const args = ['--conditions=@agentel/source', script, redis.url, String(dollars), JSON.stringify(budget)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  return () => {
    child.stdin.end('go')
    return linesOf(child)
  }
}

it('lets processes of several machines share a limit: together they spend all of it, and no more than what was in flight beyond', async () => {
  const ready = await Promise.all(Array.from({ length: 3 }, () => spender(newBudgetShared, 0.5)))
  const lines = await Promise.all(ready.map((letGo) => letGo()))
  const calls = lines
    .flat()
    .filter((line) => line.startsWith('calls'))
    .map((line) => Number(line.slice(6)))
  const spent = calls.reduce((sum, one) => sum + one * 0.5, 0)
  expect(spent).toBeGreaterThanOrEqual(99)
  // One call of each process may be in flight.
  expect(spent).toBeLessThanOrEqual(100 + 3 * 0.5)
  expect(calls.every((one) => one > 0)).toBe(true)
  const crossed = lines.flat().filter((line) => line.startsWith('crossed'))
  expect(crossed.filter((line) => line === 'crossed 0.8')).toEqual(['crossed 0.8'])
  expect(crossed.filter((line) => line === 'crossed 1').length).toBeLessThanOrEqual(1)
})
const newBudgetShared = newBudget(100)

it('keeps spend over a restart of the process, and tells others of it', async () => {
  const budget = newBudget(10)
  const first = budgetsOf(budget)
  first.enricher.onEnding?.(chat(2.5))
  await first.close()
  const second = budgetsOf(budget)
  await expect.poll(() => used(second)).toBe(2.5)
  second.enricher.onEnding?.(chat(1))
  await second.flush()
  expect(used(second)).toBe(3.5)
})

it('tells a threshold that was crossed while more was being spent', async () => {
  const told: number[] = []
  const budgets = budgetsOf(newBudget(100), { onThreshold: (_, threshold) => void told.push(threshold) })
  budgets.enricher.onEnding?.(chat(78))
  await budgets.flush()
  // The first is asked about at once, for it is half of what is leased; the second is spent before the answer.
  budgets.enricher.onEnding?.(chat(6))
  budgets.enricher.onEnding?.(chat(7))
  await budgets.flush()
  expect(told).toEqual([0.8])
})

it('counts a question that is asked twice, because its answer was lost, once', async () => {
  const [budget] = parseBudgets([newBudget(10)])
  const server = leaseServer(redis.url)
  const start = Date.UTC(2026, 10, 1)
  const request = {
    budget: budget!,
    key: '',
    sequence: 1,
    spent: [[start, 4]],
    reserve: 0,
    window: { start, end: start + 1 },
  } as const
  await server.ask(request)
  const again = await server.ask(request)
  expect([...again.slots]).toEqual([[start, 4]])
  expect(again.amount).toBe(3)
  const next = await server.ask({ ...request, sequence: 2, spent: [[start, 1]] })
  expect([...next.slots]).toEqual([[start, 5]])
  await server.close()
})

it('counts what somebody spends who was forgotten to make room for others, and is known again', async () => {
  const budget = { name: `b${++names}`, scope: 'user', period: 'month', cost: 100 } as const
  const budgets = budgetsOf(budget, { maxAccounts: 1 })
  for (const user of ['ann', 'bob', 'ann', 'bob', 'ann']) {
    budgets.enricher.onEnding?.(chat(1, { 'user.id': user }))
    await budgets.flush()
  }
  const other = budgetsOf(budget)
  const spent = () => ['ann', 'bob'].map((userId) => other.checkBudget({ userId }).budgets[0]?.used)
  await expect.poll(spent, { timeout: 5000 }).toEqual([3, 2])
})

it('begins a day at nothing, though the last spend of the day before is sent in it', async () => {
  let clock = Date.parse('2026-11-21T23:59:59.900Z')
  const told: unknown[] = []
  const budget = { name: `b${++names}`, scope: 'total', period: 'day', cost: 10 } as const
  const onThreshold: BudgetsOptions['onThreshold'] = ({ used: sum }, threshold) => void told.push([sum, threshold])
  const budgets = budgetsOf(budget, { now: () => clock, onThreshold })
  budgets.enricher.onEnding?.(chat(7))
  clock += 200
  expect(used(budgets)).toBe(0)
  await budgets.flush()
  expect(used(budgets)).toBe(0)
  budgets.enricher.onEnding?.(chat(4))
  await budgets.flush()
  expect(used(budgets)).toBe(4)
  budgets.enricher.onEnding?.(chat(5))
  await budgets.flush()
  expect(told).toEqual([[9, 0.8]])
})

it('leases what is left once, and takes back what a killed process had', async () => {
  const [budget] = parseBudgets([newBudget(8)])
  const window = { start: 0, end: 1 }
  const [killed, other] = [leaseServer(redis.url, 200), leaseServer(redis.url, 200)]
  const request = { budget: budget!, key: '', sequence: 1, spent: [], reserve: 0, window }
  expect((await killed.ask(request)).amount).toBe(4)
  expect((await other.ask(request)).amount).toBe(2)
  await expect.poll(async () => (await other.ask(request)).amount).toBe(4)
  await Promise.all([killed.close(), other.close()])
})

it('leases to nobody else what a process may be spending while it asks', async () => {
  const start = Date.UTC(2026, 10, 1)
  const asking = { key: '', sequence: 1, spent: [], reserve: 0, window: { start, end: start + 1 } }
  const servers = [leaseServer(redis.url), leaseServer(redis.url), leaseServer(redis.url)] as const
  const amounts: number[][] = []
  for (const reserve of [0, 2]) {
    const [budget] = parseBudgets([newBudget(8)])
    const given: number[] = []
    for (const server of servers) given.push((await server.ask({ ...asking, budget: budget! })).amount)
    const again = { ...asking, budget: budget!, sequence: 2, spent: [[start, 2]] as const, reserve }
    amounts.push([...given, (await servers[0].ask(again)).amount])
  }
  // What is free after it has spent 2 are 3: half of that, or what it keeps.
  expect(amounts).toEqual([
    [4, 2, 1, 1.5],
    [4, 2, 1, 2],
  ])
  await Promise.all(servers.map((server) => server.close()))
})

it('keeps all of its lease while it asks for more, half of one that lies idle, and spends no more of it meanwhile', async () => {
  const [budget] = parseBudgets([newBudget(8)])
  const real = leaseServer(redis.url)
  const reserves: number[] = []
  let answered = 0
  let answer: Promise<void> = Promise.resolve()
  const slow: LeaseServer = {
    ...real,
    async ask(request) {
      reserves.push(request.reserve)
      const lease = await real.ask(request)
      await answer
      answered++
      return lease
    },
  }
  const account = openAccount(budget!, '', Date.now())
  let later = 0
  const now = () => Date.now() + later
  const keeper = leaseKeeper(slow, 10_000, { accounts: () => [account], tell: () => {}, now })
  keeper.refresh(account)
  await expect.poll(() => answered).toBe(1)
  const held = () => {
    let release = (): void => {}
    answer = new Promise((resolve) => (release = resolve))
    return release
  }
  const spendAnd = (amount: number): boolean => {
    spend(account, amount, now(), true)
    return keeper.isBeyondLease(account)
  }
  later = 1000
  let release = held()
  keeper.refresh(account)
  await expect.poll(() => reserves.length).toBe(2)
  expect([spendAnd(1.5), spendAnd(0.5)]).toEqual([false, true])
  release()
  await expect.poll(() => answered).toBe(2)
  release = held()
  keeper.charged(account)
  await expect.poll(() => reserves.length).toBe(3)
  expect([spendAnd(1.5), spendAnd(0.5)]).toEqual([false, true])
  release()
  await keeper.close()
  expect(reserves.slice(0, 3)).toEqual([0, 2, 2])
})

it('asks before it spends more than its lease', async () => {
  const budgets = budgetsOf(newBudget(100))
  budgets.enricher.onEnding?.(chat(1))
  // Nobody has answered yet, so nobody knows what the others have spent.
  expect(budgets.checkBudget().allowed).toBe(false)
  await budgets.flush()
  expect(budgets.checkBudget().allowed).toBe(true)
  budgets.enricher.onEnding?.(chat(60))
  expect(budgets.checkBudget().allowed).toBe(false)
  await budgets.flush()
  expect(budgets.checkBudget()).toMatchObject({ allowed: true, budgets: [{ used: 61 }] })
})

it('lets the application work while the server is away, says so once, and loses nothing of what was spent', async () => {
  const warn = vi.fn()
  const quiet = () => {}
  diag.setLogger({ warn, error: quiet, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN)
  const budget = newBudget(10)
  const budgets = budgetsOf(budget, { leaseMs: 100 })
  budgets.enricher.onEnding?.(chat(1))
  await budgets.flush()
  await redis.kill()
  budgets.enricher.onEnding?.(chat(2))
  await expect(budgets.flush()).rejects.toThrow(`budget server ${redis.url} does not answer: spend is not saved yet`)
  await expect.poll(() => budgets.checkBudget().allowed).toBe(true)
  expect(used(budgets)).toBe(3)
  expect(warn.mock.calls.length).toBe(1)
  expect(String(warn.mock.calls[0])).toContain('Spend is kept here until it answers')
  await redis.start()
  await expect
    .poll(
      () =>
        budgets.flush().then(
          () => true,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true)
  const other = budgetsOf(budget)
  await expect.poll(() => used(other)).toBe(3)
})

it('keeps no process alive whose server is away', async () => {
  const script = `
    import { createBudgets } from '@agentel/processor-cost'
    const budgets = createBudgets({ budgets: [${JSON.stringify(newBudget(1))}], server: 'redis://127.0.0.1:1' })
    budgets.checkBudget()
    console.log('done')`
  const args = ['--conditions=@agentel/source', '--input-type=module', '-e', script]
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  expect(await linesOf(child)).toEqual(['done'])
})

it('refuses an address that is none, and file and server at once', () => {
  expect(() => budgetsOf(newBudget(1), { server: 'localhost' })).toThrow(BudgetStoreError)
  expect(() => budgetsOf(newBudget(1), { file: '/tmp/never.db' })).toThrow('give a file or a server, not both')
})
