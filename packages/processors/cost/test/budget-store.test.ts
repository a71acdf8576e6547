import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { BudgetStoreError, type BudgetStatus, createBudgets, type BudgetsOptions, forgetSpend } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-budgets-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const BUDGETS: BudgetsOptions['budgets'] = [{ name: 'all', scope: 'total', period: 'month', cost: 1000 }]

let files = 0
const newFile = () => join(folder, `budgets-${++files}.db`)

/** What an enricher sees of a span that is about to end. */
function chat(cost: number) {
  return {
    attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': cost },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
  } as never
}

function usedIn(file: string): number {
  const budgets = createBudgets({ budgets: BUDGETS, file })
  const used = budgets.checkBudget().budgets[0]?.used ?? NaN
  void budgets.close()
  return used
}

/** A process that makes `calls` calls of one dollar and writes what it has saved after every tenth. */
function spender(file: string, calls: number, budget = BUDGETS[0]): ChildProcess {
  const script = join(import.meta.dirname, 'budget-spender.ts')
  const args = ['--conditions=@agentel/source', script, file, String(calls), JSON.stringify(budget)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

function linesOf(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
}

it('keeps spend over a restart', async () => {
  const file = newFile()
  const first = createBudgets({ budgets: BUDGETS, file })
  first.enricher.onEnding?.(chat(2.5))
  await first.close()
  const second = createBudgets({ budgets: BUDGETS, file })
  second.enricher.onEnding?.(chat(1))
  expect(second.checkBudget().budgets[0]?.used).toBe(3.5)
  await second.flush()
  await second.close()
  expect(usedIn(file)).toBe(3.5)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

const DAILY = [{ name: 'daily', scope: 'user', period: 'day', cost: 10 }] as const

it('keeps no id in the file, and brings the ids of a file of version 1 to the same', async () => {
  const file = newFile()
  const old = new DatabaseSync(file)
  old.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = 1;
    CREATE TABLE spend (budget TEXT NOT NULL, key TEXT NOT NULL, slot INTEGER NOT NULL, amount REAL NOT NULL,
      PRIMARY KEY (budget, key, slot)) WITHOUT ROWID;`)
  const day = Date.parse('2026-11-21T00:00:00Z')
  for (const [name, key] of [
    ['daily', 'ann@example.org'],
    ['all', ''],
  ])
    old.prepare('INSERT INTO spend VALUES (?, ?, ?, ?)').run(name!, key!, day, 2)
  old.close()
  const opened = createBudgets({ budgets: DAILY, file, now: () => day })
  expect(readFileSync(file).includes('ann@')).toBe(false)
  await opened.close()
  for (const used of [2, 3]) {
    const budgets = createBudgets({ budgets: DAILY, file, now: () => day + 1000 })
    expect(budgets.checkBudget({ userId: 'ann@example.org' }).budgets).toMatchObject([{ key: 'ann@example.org', used }])
    const attributes = { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1, 'user.id': 'ann@example.org' }
    budgets.enricher.onEnding?.({ ...(chat(1) as object), attributes } as never)
    await budgets.close()
  }
  for (const written of readdirSync(folder).filter((name) => join(folder, name).startsWith(file))) {
    expect(readFileSync(join(folder, written)).includes('ann@')).toBe(false)
  }
  const database = new DatabaseSync(file)
  expect(database.prepare('SELECT budget, key, amount FROM spend ORDER BY budget').all()).toEqual([
    { budget: 'all', key: '', amount: 2 },
    { budget: 'daily', key: 'sha256:438c4c7afe600cdf1e455c369bec76dc', amount: 4 },
  ])
  database.close()
  expect(forgetSpend(file, { userId: 'ann@example.org' })).toBe(1)
})

it('starts while another process writes', () => {
  const file = newFile()
  void createBudgets({ budgets: BUDGETS, file }).close()
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  const budgets = createBudgets({ budgets: BUDGETS, file })
  expect(budgets.checkBudget().allowed).toBe(true)
  other.exec('ROLLBACK')
  other.close()
  void budgets.close()
})

it('forgets spend of windows that have passed', async () => {
  const file = newFile()
  let now = Date.parse('2026-11-21T12:00:00Z')
  const options = { budgets: [{ name: 'day', scope: 'total', period: 'day', cost: 10 }], file, now: () => now } as const
  const budgets = createBudgets(options)
  budgets.enricher.onEnding?.(chat(2))
  await budgets.flush()
  now += 24 * 3_600_000
  expect(budgets.checkBudget().budgets[0]?.used).toBe(0)
  await budgets.close()
  now += 100 * 24 * 3_600_000
  await createBudgets(options).close()
  const database = new DatabaseSync(file)
  expect(database.prepare('SELECT count(*) AS rows FROM spend').get()).toEqual({ rows: 0 })
  database.close()
})

it('shares spend between processes of one file, and each crossing is told by one of them only', async () => {
  const file = newFile()
  const budget = { name: 'all', scope: 'total', period: 'month', cost: 100 } as const
  const children = [spender(file, 50, budget), spender(file, 50, budget), spender(file, 50, budget)]
  const told: string[] = []
  for (const child of children) linesOf(child, (line) => line.startsWith('crossed') && told.push(line))
  await Promise.all(children.map((child) => once(child, 'close')))
  expect(usedIn(file)).toBe(150)
  expect(told.toSorted()).toEqual(['crossed 0.8', 'crossed 1'])
})

it('sees what another process has spent within a fraction of a second', async () => {
  const file = newFile()
  let now = Date.parse('2026-11-21T12:00:00Z')
  const options = { budgets: BUDGETS, file, now: () => now }
  const [mine, theirs] = [createBudgets(options), createBudgets(options)]
  expect(mine.checkBudget().budgets[0]?.used).toBe(0)
  theirs.enricher.onEnding?.(chat(7))
  await theirs.flush()
  now += 201
  expect(mine.checkBudget().budgets[0]?.used).toBe(7)
  await Promise.all([mine.close(), theirs.close()])
})

it('loses nothing that was acknowledged when the process is killed during 10,000 updates', async () => {
  const file = newFile()
  const child = spender(file, 10_000)
  let acknowledged = 0
  linesOf(child, (line) => {
    if (!line.startsWith('saved')) return
    acknowledged = Number(line.slice(6))
    if (acknowledged >= 500) child.kill('SIGKILL')
  })
  await once(child, 'close')
  expect(acknowledged).toBeGreaterThanOrEqual(500)
  expect(acknowledged).toBeLessThan(10_000)
  expect(usedIn(file)).toBeGreaterThanOrEqual(acknowledged)
})

it('waits for another writer instead of losing spend, and never blocks the caller', async () => {
  const file = newFile()
  const budgets = createBudgets({ budgets: BUDGETS, file })
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  budgets.enricher.onEnding?.(chat(3))
  const flushed = budgets.flush()
  expect(budgets.checkBudget().budgets[0]?.used).toBe(3)
  other.exec('COMMIT')
  other.close()
  await flushed
  await budgets.close()
  expect(usedIn(file)).toBe(3)
})

it('refuses a file of a newer version, and one that is none, with a clear message', () => {
  const newer = newFile()
  const database = new DatabaseSync(newer)
  database.exec('PRAGMA user_version = 7')
  database.close()
  expect(() => createBudgets({ budgets: BUDGETS, file: newer })).toThrow(BudgetStoreError)
  expect(() => createBudgets({ budgets: BUDGETS, file: newer })).toThrow(
    'has version 7, this agentel knows 2: use the newer agentel, or another file',
  )
  const text = newFile()
  writeFileSync(text, 'this is no database, but long enough to look at it as if it were one '.repeat(20))
  expect(() => createBudgets({ budgets: BUDGETS, file: text })).toThrow(/cannot be opened: file is not a database/)
})

it('restores what a threshold callback is told after a restart', async () => {
  const file = newFile()
  const told: number[] = []
  const options: BudgetsOptions = {
    budgets: BUDGETS,
    file,
    onThreshold: ({ used }: BudgetStatus) => void told.push(used),
  }
  const first = createBudgets(options)
  first.enricher.onEnding?.(chat(850))
  await first.close()
  const second = createBudgets(options)
  second.enricher.onEnding?.(chat(100))
  await second.close()
  expect(told).toEqual([850])
})
