/**
 * What budgets cost: ns a call, and the event loop's delay at 1,000 calls a second with a budget file and without, in
 * turns. `npx -y pnpm@12 exec node --conditions=@agentel/source bench/budgets.ts [ROUNDS]` writes
 * bench/results/budgets.json; a minute and a half for 7 rounds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Budgets, createBudgets } from '../packages/processors/cost/src/index.ts'
import { median } from './overhead/measure-variant.ts'

const rounds = Number(process.argv[2] ?? 7)
const folder = mkdtempSync(join(tmpdir(), 'agentel-bench-'))
const list = [
  { name: 'all', scope: 'total', period: 'day', cost: 1e9 },
  { name: 'user', scope: 'user', period: 'day', cost: 1e9, timeZone: 'Europe/Berlin' },
  { name: 'tokens', scope: 'session', period: 'hour', tokens: 1e12, window: 'rolling' },
] as const

function call(budgets: Budgets | undefined, index: number): void {
  budgets?.enricher.onEnding?.({
    attributes: {
      'gen_ai.operation.name': 'chat',
      'agentel.cost.amount': 0.01,
      'gen_ai.usage.input_tokens': 10,
      'user.id': `user-${index % 200}`,
      'session.id': `session-${index % 500}`,
    },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
  } as never)
}

function perCall(budgets: Budgets): number {
  const times: number[] = []
  for (let round = 0; round < 41; round++) {
    const before = performance.now()
    for (let index = 0; index < 2000; index++) call(budgets, index)
    times.push(((performance.now() - before) * 1e6) / 2000)
  }
  return Math.round(median(times))
}

interface Delay {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Milliseconds by which the event loop was late, while a thousand calls a second were charged. */
async function delays(budgets: Budgets | undefined): Promise<Delay> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  let index = 0
  const timer = setInterval(() => {
    for (let burst = 0; burst < 10; burst++) call(budgets, index++)
  }, 10)
  histogram.enable()
  await new Promise((resolve) => setTimeout(resolve, 6000))
  histogram.disable()
  clearInterval(timer)
  const milliseconds = (value: number) => Number((value / 1e6).toFixed(2))
  return {
    p50: milliseconds(histogram.percentile(50)),
    p99: milliseconds(histogram.percentile(99)),
    max: milliseconds(histogram.max),
  }
}

const off: Delay[] = []
const on: Delay[] = []
for (let round = 0; round < rounds; round++) {
  off.push(await delays(undefined))
  const budgets = createBudgets({ budgets: list, file: join(folder, `${round}.db`) })
  on.push(await delays(budgets))
  await budgets.close()
}
const inMemory = createBudgets({ budgets: list })
const [p99Off, p99On] = [off, on].map((side) => median(side.map(({ p99 }) => p99)))
const result = {
  command: `npx -y pnpm@12 exec node --conditions=@agentel/source bench/budgets.ts ${rounds}`,
  'ns a call with three budgets': perCall(inMemory),
  'p99 of the event loop delay without budgets, ms, median of the rounds': p99Off,
  'the same with three budgets in a file': p99On,
  difference: Number((p99On! - p99Off!).toFixed(2)),
  'without budgets, ms': off,
  'with three budgets in a file, ms': on,
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, load of others not excluded`,
}
await inMemory.close()
rmSync(folder, { recursive: true })
console.log(JSON.stringify(result, null, 2))
writeFileSync(new URL('results/budgets.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
