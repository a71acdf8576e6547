/**
 * A hundred alert storms of 10,000 series each, all new, each fired and resolved: what stays in memory while one channel
 * hangs, one refuses and one works, how long an evaluation takes, and what was told.
 *
 * `npx -y pnpm@12 exec node --expose-gc --conditions=@agentel/source bench/alert-storms.ts` writes
 * bench/results/alert-storms.json.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkRules,
  createEvaluator,
  createNotifier,
  functionChannel,
  type Series,
} from '../packages/alerts/src/index.ts'

const [STORMS, SERIES] = [Number(process.argv[2] ?? 100), 10_000]
const MINUTE = 60_000
let now = Date.parse('2026-06-01T00:00:00Z')
let data: Series[] = []
const rules = checkRules({
  rules: [
    {
      name: 'queue',
      signal: 'agentel.queue.depth',
      aggregation: 'average',
      groupBy: ['agentel.queue.name'],
      window: '5m',
      above: 10,
      severity: 'error',
    },
  ],
})
const evaluator = createEvaluator({ rules, series: { samples: () => data }, now: () => now })
let [told, alertsTold] = [0, 0]
const notifier = createNotifier({
  now: () => now,
  channels: [
    functionChannel('hangs', () => new Promise(() => {})),
    functionChannel('refuses', () => Promise.reject(new TypeError('no'))),
    functionChannel('works', ({ alerts, omitted = 0 }) => {
      told++
      alertsTold += alerts.length + omitted
    }),
  ],
  timeout: 1e9,
  attempts: 1,
})

function heapMegabytes(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1e6)
}

async function evaluate(): Promise<number> {
  const before = performance.now()
  notifier.notify(evaluator.evaluate())
  const took = performance.now() - before
  await new Promise(setImmediate)
  return took
}

const times: number[] = []
const heap = { before: heapMegabytes(), afterStorm: {} as Record<number, number> }
let most = 0
for (let storm = 1; storm <= STORMS; storm++) {
  data = Array.from({ length: SERIES }, (_, index) => ({
    labels: { 'agentel.queue.name': `${storm}-${index}` },
    kind: 'gauge',
    start: now,
    points: [{ time: now, value: 12 }],
  }))
  times.push(await evaluate())
  most = Math.max(most, evaluator.alerts().length)
  now += 10 * MINUTE
  data = []
  times.push(await evaluate())
  // Until the cooldown is over: then what is quiet is forgotten.
  now += 60 * MINUTE
  await evaluate()
  if (storm === 1 || storm % 20 === 0) heap.afterStorm[storm] = heapMegabytes()
}
const sorted = times.toSorted((a, b) => a - b)
const result = {
  command: 'npx -y pnpm@12 exec node --expose-gc --conditions=@agentel/source bench/alert-storms.ts',
  date: new Date().toISOString().slice(0, 10),
  storms: STORMS,
  seriesEach: SERIES,
  heapMegabytes: heap,
  mostOpenAlerts: most,
  alertsLeft: evaluator.alerts().length,
  history: evaluator.history().length,
  groupsDropped: evaluator.summary().dropped,
  messagesOfTheChannelThatWorks: told,
  alertsInThem: alertsTold,
  deadLetters: notifier.deadLetters().length,
  evaluationMs: { median: Math.round(sorted[sorted.length >> 1]!), longest: Math.round(sorted.at(-1)!) },
}
writeFileSync(
  process.env.RESULTS ?? join(import.meta.dirname, 'results/alert-storms.json'),
  `${JSON.stringify(result, null, 2)}\n`,
)
console.log(JSON.stringify(result, null, 2))
process.exit()
