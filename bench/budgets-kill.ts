/**
 * Processes that share one budget file spend a dollar a call and say what was acknowledged (flushed) every ten calls; each
 * is killed (SIGKILL) at a random moment of its 10,000 updates, and replaced. What was acknowledged must be in the file,
 * to the dollar, and nothing that was never spent.
 *
 * `npx -y pnpm@12 exec node --conditions=@agentel/source bench/budgets-kill.ts [KILLS]` writes
 * bench/results/budgets-kill.json; about a minute for 100.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { createBudgets } from '../packages/processors/cost/src/index.ts'

const AT_A_TIME = 2
const UPDATES = 10_000
/** Updates between two acknowledgements, as in the spender. */
const EVERY = 10
const kills = Number(process.argv[2] ?? 100)
const folder = mkdtempSync(join(tmpdir(), 'agentel-budgets-kill-'))
const file = join(folder, 'budgets.db')
const budget = { name: 'all', scope: 'total', period: 'month', cost: 1e9 } as const
const spender = join(import.meta.dirname, '../packages/processors/cost/test/budget-spender.ts')
const command = ['--conditions=@agentel/source', spender, file, String(UPDATES), JSON.stringify(budget)]

interface Run {
  readonly acknowledged: number
  /** By the signal, before it was done. */
  readonly killed: boolean
}

async function run(): Promise<Run> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let acknowledged = 0
  const lines = createInterface(child.stdout)
  const first = once(lines, 'line')
  lines.on('line', (line) => {
    if (line.startsWith('saved ')) acknowledged = Number(line.slice(6))
  })
  await Promise.race([first, closed])
  await setTimeout(Math.random() * 150)
  child.kill('SIGKILL')
  const [, signal] = await closed
  return { acknowledged, killed: signal === 'SIGKILL' }
}

const runs: Run[] = []
const killed = () => runs.filter((one) => one.killed).length
async function lane(): Promise<void> {
  // One that was done before it could be killed does not count.
  while (killed() < kills) runs.push(await run())
}

const started = Date.now()
await Promise.all(Array.from({ length: AT_A_TIME }, lane))
const budgets = createBudgets({ budgets: [budget], file })
const kept = budgets.checkBudget().budgets[0]!.used
await budgets.close()
rmSync(folder, { recursive: true })
const acknowledged = runs.reduce((sum, one) => sum + one.acknowledged, 0)
const result = {
  command: `npx -y pnpm@12 exec node --conditions=@agentel/source bench/budgets-kill.ts ${kills}`,
  date: new Date().toISOString().slice(0, 10),
  processesAtATime: AT_A_TIME,
  updatesOfAProcess: UPDATES,
  processes: runs.length,
  killedDuringTheirUpdates: killed(),
  acknowledged,
  inTheFile: kept,
  acknowledgedAndMissing: Math.max(0, acknowledged - kept),
  /** What was saved when the process was killed before it could say so: at most one acknowledgement's worth of each. */
  savedAndNotYetAcknowledged: kept - acknowledged,
  mostThatCanBe: runs.length * EVERY,
  seconds: Math.round((Date.now() - started) / 1000),
}
writeFileSync(new URL('results/budgets-kill.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
const exact = kept >= acknowledged && kept <= acknowledged + result.mostThatCanBe
if (!exact) process.exitCode = 1
