import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { appendRows } from '../src/append-rows.ts'
import { auditRow } from '../src/audit-event.ts'
import { openForWriting } from '../src/audit-file.ts'
import { openAuditLog, openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

const ROWS = 40_000

function largeLog(): string {
  const file = temporaryFile()
  const db = openForWriting(file, 'normal')
  appendRows(
    db,
    Array.from({ length: ROWS }, (_, n) => auditRow({ event: 'e', attributes: { n } })),
  )
  db.close()
  return file
}

function total(file: string): number {
  const reader = openAuditReader(file)
  const [{ total: rows }, verification] = [reader.summary({ event: 'e' }), reader.verify()]
  reader.close()
  expect(verification).toMatchObject({ ok: true, findings: [] })
  return rows
}

it('goes piece by piece: rows get in between, and a close ends it there', async () => {
  const file = largeLog()
  const log = openAuditLog({ file })
  const pruned = log.prune({ keep: 10 })
  log.append({ event: 'meanwhile' })
  await log.close()
  expect(await pruned).toEqual({ rows: 2000 })
  expect(log.counts()).toEqual({ written: 1, waiting: 0, dropped: 0 })
  expect(total(file)).toBe(ROWS - 2000)
  const again = openAuditLog({ file })
  // The ten are the nine newest and the one that came meanwhile; the record of the first pruning goes with the others.
  expect(await again.prune({ keep: 10 })).toEqual({ rows: ROWS - 2000 - 9 })
  await again.close()
  expect(total(file)).toBe(9)
})

it('leaves a log that verifies when the process is killed in between', async () => {
  const file = largeLog()
  const counting = openAuditReader(file)
  const count = (): number => counting.summary({ event: 'e' }).total
  let partly = 0
  for (let before = count(), round = 0; round < 3; round++) {
    const child = join(import.meta.dirname, 'pruning-child.ts')
    const pruning = spawn(process.execPath, ['--conditions=@agentel/source', child, file])
    while (count() === before && pruning.exitCode === null) await setTimeout(1)
    pruning.kill('SIGKILL')
    if (pruning.exitCode === null && pruning.signalCode === null) await once(pruning, 'close')
    const left = total(file)
    expect(left).toBeLessThanOrEqual(before)
    if (left < before && left > 10) partly++
    before = left
  }
  counting.close()
  expect(partly).toBeGreaterThan(0)
}, 60_000)
