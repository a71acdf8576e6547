import type { DatabaseSync } from 'node:sqlite'
import { continueChain } from './append-rows.ts'
import { ERASED_EVENT, auditRow, columnText } from './audit-event.ts'
import { BUSY_TIMEOUT_MS, inTransaction } from './audit-file.ts'

/** What forgetting a user did. */
export interface Forgotten {
  /** Rows whose payload and personal columns are gone. */
  readonly rows: number
  /** False: a reader kept the old pages in the file beside the log; forget again when it has closed. */
  readonly complete: boolean
}

/** The rows an erasure took, as first and last of each run: what the record of it says. */
export type SequenceRanges = [first: number, last: number][]

/**
 * Erases a user: payload, user, session and conversation of the user's rows, in the file and beside it. The rows
 * stay, so the chain verifies; a record of the erasure, without the user, says which ones they are.
 * @internal
 */
export function forgetUser(db: DatabaseSync, userId: string): Forgotten {
  const rows = inTransaction(db, () => {
    const found = db.prepare('SELECT sequence FROM entries WHERE user = ? ORDER BY sequence').all(columnText(userId))
    const sequences = found.map((row) => Number(row.sequence))
    const content = db.prepare('DELETE FROM contents WHERE sequence = ?')
    const personal = db.prepare(
      'UPDATE entries SET user = NULL, session = NULL, conversation = NULL WHERE sequence = ?',
    )
    for (const sequence of sequences) {
      content.run(sequence)
      personal.run(sequence)
    }
    const attributes = { rows: sequences.length, sequences: rangesOf(sequences) }
    continueChain(db, [erasureRow(attributes)])
    return sequences.length
  })
  return { rows, complete: removeOldPages(db) }
}

/** The record must hold all of its ranges: unlike an event's payload it is never cut. */
function erasureRow(attributes: object): ReturnType<typeof auditRow> {
  return { ...auditRow({ event: ERASED_EVENT }), payload: JSON.stringify({ attributes }) }
}

function rangesOf(sequences: readonly number[]): SequenceRanges {
  const ranges: SequenceRanges = []
  for (const sequence of sequences) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === sequence - 1) last[1] = sequence
    else ranges.push([sequence, sequence])
  }
  return ranges
}

/** Free pages and the write-ahead log still hold what was deleted: the file is written anew, and the log cut to nothing. */
function removeOldPages(db: DatabaseSync): boolean {
  db.exec('VACUUM')
  db.exec('PRAGMA busy_timeout = 2000') // A reader may stay for hours; writers must not wait for it.
  const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return busy === 0
}
