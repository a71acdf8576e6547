/**
 * What auditing costs an application, with and without it in one run: microseconds a task (a span and two events that
 * are audited), and the event loop's delay at 500 tasks a second. And how long questions to 1,000,000 rows take.
 *
 * `npx -y pnpm@12 exec node --expose-gc --conditions=@agentel/source bench/audit.ts` writes bench/results/audit.json.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { task, withIdentity } from '../packages/api/src/index.ts'
import { type AuditFilter, openAuditLog, openAuditReader } from '../packages/audit/src/index.ts'
import { startAgentel } from '../packages/sdk/src/index.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = 5
const folder = mkdtempSync(join(tmpdir(), 'agentel-bench-audit-'))
for (const signal of ['TRACES', 'METRICS', 'LOGS']) process.env[`OTEL_${signal}_EXPORTER`] = 'none'

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const round = (value: number): number => Number(value.toFixed(2))
const work = (i: number): string =>
  withIdentity({ userId: `user-${i % 100}`, sessionId: `session-${i % 300}` }, () => task('mail', () => 'sent'))

/** Runs `measure` in a set-up with an audit log or without. */
async function within<T>(audited: boolean, measure: () => Promise<T>): Promise<T> {
  const file = join(folder, `${audited}-${performance.now()}.db`)
  const agentel = startAgentel(audited ? { audit: { file } } : {})
  for (let i = 0; i < 500; i++) work(i)
  await agentel.forceFlush()
  const result = await measure()
  await agentel.shutdown()
  return result
}

async function perTask(): Promise<number> {
  const times: number[] = []
  for (let batch = 0; batch < 20; batch++) {
    const before = performance.now()
    for (let i = 0; i < 200; i++) work(i)
    times.push(((performance.now() - before) * 1000) / 200)
    // No more waits than the log takes.
    await setTimeout(60)
  }
  return median(times)
}

async function loopDelay(): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const end = performance.now() + 5000
  for (let i = 0; performance.now() < end;) {
    for (let n = 0; n < 5; n++) work(i++)
    await setTimeout(10)
  }
  delay.disable()
  return delay.percentile(99) / 1e6
}

async function inTurns(measure: () => Promise<number>): Promise<{ off: number; on: number }> {
  const seen = { off: [] as number[], on: [] as number[] }
  for (let i = 0; i < ROUNDS; i++) {
    seen.off.push(await within(false, measure))
    seen.on.push(await within(true, measure))
    globalThis.gc?.()
  }
  return { off: round(median(seen.off)), on: round(median(seen.on)) }
}

const EVENTS = ['agentel.task.started', 'agentel.task.completed', 'agentel.tool.called', 'agentel.decision']

async function fill(file: string): Promise<void> {
  const log = openAuditLog({ file, maxWaiting: 100_000 })
  for (let i = 0; i < ROWS; i++) {
    log.append({
      event: i % 1000 === 0 ? 'agentel.security.event' : EVENTS[i % 4]!,
      time: i * 1000,
      severity: i % 1000 === 0 ? 17 : i % 50 === 0 ? 13 : 9,
      agent: `agent-${i % 20}`,
      user: `user-${i % 5000}`,
      session: `session-${i % 50_000}`,
      trace: String(Math.floor(i / 10)).padStart(32, '0'),
      attributes: { 'agentel.task.name': 'mail', 'agentel.duration': i % 7 },
    })
    if (i % 20_000 === 0) await log.flush()
  }
  await log.flush()
  await log.close()
}

const QUESTIONS: Readonly<Record<string, AuditFilter>> = {
  'the newest 1000': {},
  'of an agent': { agent: 'agent-7' },
  'of two agents': { agent: ['agent-7', 'agent-8'] },
  'of an event': { event: 'agentel.decision' },
  'of a rare event': { event: 'agentel.security.event' },
  'of a user': { user: 'user-77' },
  'of a session': { session: 'session-777' },
  'of a trace': { trace: '777'.padStart(32, '0') },
  'of a severity': { severity: 13 },
  errors: { minSeverity: 17 },
  'of an hour': { from: (ROWS / 2) * 1000, to: (ROWS / 2 + 3600) * 1000 },
  'of an agent in an hour': { agent: 'agent-7', from: (ROWS / 2) * 1000, to: (ROWS / 2 + 3600) * 1000 },
  'errors of an agent': { agent: 'agent-0', minSeverity: 17 },
  'rare events of two users': { user: ['user-0', 'user-1000'], event: 'agentel.security.event' },
  'warnings of an event': { event: EVENTS[2]!, severity: [13, 17] },
  'the page after 10,000': { agent: 'agent-7', limit: 100, offset: 10_000 },
}

function ask(file: string): Record<string, { rows: number; ms: number }> {
  const reader = openAuditReader(file)
  const answers = Object.entries(QUESTIONS).map(([name, filter]) => {
    let rows = 0
    const times = Array.from({ length: 7 }, () => {
      const before = performance.now()
      rows = reader.query(filter).length
      return performance.now() - before
    })
    return [name, { rows, ms: round(median(times)) }]
  })
  reader.close()
  return Object.fromEntries(answers) as Record<string, { rows: number; ms: number }>
}

const microsecondsATask = await inTurns(perTask)
const loopDelayP99Ms = await inTurns(loopDelay)
const file = join(folder, 'million.db')
const begun = performance.now()
await fill(file)
const secondsToWrite = round((performance.now() - begun) / 1000)
const questionsMs = ask(file)
const result = {
  command: 'npx -y pnpm@12 exec node --expose-gc --conditions=@agentel/source bench/audit.ts',
  date: new Date().toISOString().slice(0, 10),
  cpu: `${cpus().length} x ${cpus()[0]?.model}`,
  microsecondsATask,
  microsecondsAnAuditedEvent: round((microsecondsATask.on - microsecondsATask.off) / 2),
  loopDelayP99Ms,
  rows: ROWS,
  secondsToWrite,
  fileMegabytes: Math.round(statSync(file).size / 1e6),
  slowestQuestionMs: Math.max(...Object.values(questionsMs).map(({ ms }) => ms)),
  questionsMs,
}
rmSync(folder, { recursive: true })
writeFileSync(
  process.env.RESULTS ?? join(import.meta.dirname, 'results/audit.json'),
  `${JSON.stringify(result, null, 2)}\n`,
)
console.log(JSON.stringify(result, null, 2))
