/**
 * Four processes write one audit log; one after the other is killed (SIGKILL) at a random moment and replaced, a thousand
 * times. Half of them acknowledge by `flush`, half by the append of a durable event. Nothing that was acknowledged may be missing, no row may be there in part, and the chain must verify.
 *
 * `npx -y pnpm@12 exec node --conditions=@agentel/source bench/audit-kill.ts [KILLS]` writes bench/results/audit-kill.json; about ten minutes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openAuditReader } from '../packages/audit/src/index.ts'

const WRITERS = 4
const kills = Number(process.argv[2] ?? 1000)
const folder = mkdtempSync(join(tmpdir(), 'agentel-audit-kill-'))
const file = join(folder, 'audit.db')
const child = ['--conditions=@agentel/source', join(import.meta.dirname, '../packages/audit/test/audit-child.ts')]
/** By the name that a process wrote under: how many events it was promised. */
const promised = new Map<string, number>()
/** Those who were promised it by the append of durable events. */
const durable = new Set<string>()
let begun = 0

function linesOf({ stdout }: ChildProcess): () => string[] {
  let text = ''
  stdout!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  // The last line may have been cut off; those before it are whole.
  return () => text.split('\n').slice(0, -1)
}

async function lane(): Promise<void> {
  while (begun < kills) {
    const name = `process-${begun++}`
    if (Math.ceil(begun / 4) % 2 === 0) durable.add(name)
    const mode = durable.has(name) ? ['durable'] : []
    const writer = spawn(process.execPath, [...child, file, name, ...mode], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = linesOf(writer)
    const closed = once(writer, 'close')
    // Every fourth while it starts and opens the file, the others while they write.
    if (begun % 4 !== 0) await Promise.race([once(writer.stdout, 'data'), closed])
    await setTimeout(Math.random() * (begun % 4 === 0 ? 400 : 120))
    writer.kill('SIGKILL')
    await closed
    promised.set(name, Number(lines().at(-1) ?? 0))
    if (promised.size % 100 === 0) console.error(`${promised.size} killed`)
  }
}

const started = Date.now()
await Promise.all(Array.from({ length: WRITERS }, lane))
const reader = openAuditReader(file)
const verified = reader.verify()
let [lost, broken, rows] = [0, 0, 0]
for (const [agent, count] of promised) {
  const numbers = reader.query({ agent, limit: 10_000_000 }).map(({ attributes }) => Number(attributes.n))
  rows += numbers.length
  lost += Math.max(0, count - numbers.length)
  // Without a gap, each once: what was written before a kill is a beginning of what was to be written.
  if (numbers.toSorted((a, b) => a - b).some((n, index) => n !== index + 1)) broken++
}
reader.close()
const acknowledged = [...promised.values()].reduce((sum, count) => sum + count, 0)
const byDurable = [...promised].filter(([name, count]) => durable.has(name) && count > 0)
const result = {
  command: `npx -y pnpm@12 exec node --conditions=@agentel/source bench/audit-kill.ts ${kills}`,
  date: new Date().toISOString().slice(0, 10),
  processesAtATime: WRITERS,
  kills: promised.size,
  killedWhileWriting: [...promised.values()].filter((count) => count > 0).length,
  killedWhileWritingDurableEvents: byDurable.length,
  acknowledged,
  acknowledgedByDurableEvents: byDurable.reduce((sum, [, count]) => sum + count, 0),
  rows,
  acknowledgedAndMissing: lost,
  processesWithAGap: broken,
  chain: { ok: verified.ok, rows: verified.rows, findings: verified.findings.length },
  fileMegabytes: Math.round(statSync(file).size / 1e6),
  seconds: Math.round((Date.now() - started) / 1000),
}
rmSync(folder, { recursive: true })
const target = process.env.RESULTS ?? join(import.meta.dirname, 'results/audit-kill.json')
writeFileSync(target, `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
if (lost > 0 || broken > 0 || !verified.ok || promised.size < kills) process.exitCode = 1
