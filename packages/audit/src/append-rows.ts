import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { AuditRow } from './audit-event.ts'
import { inTransaction } from './audit-file.ts'
import { GENESIS, hashContent, hashRow } from './chain.ts'

/** A place in the chain: a row's number and its hash. */
export interface ChainPoint {
  readonly sequence: number
  readonly hash: Uint8Array
}

/** A mark of the chain: where it ends (`head`), or what stands before its first row (`anchor`). */
export function readMark(db: DatabaseSync, name: 'head' | 'anchor'): ChainPoint {
  const mark = db.prepare('SELECT CAST(sequence AS REAL) AS sequence, hash FROM marks WHERE name = ?').get(name)
  return (mark as ChainPoint | undefined) ?? { sequence: 0, hash: GENESIS }
}

/** Sets a mark of the chain. */
export function writeMark(db: DatabaseSync, name: 'head' | 'anchor', { sequence, hash }: ChainPoint): void {
  db.prepare('INSERT OR REPLACE INTO marks (name, sequence, hash) VALUES (?, ?, ?)').run(name, sequence, hash)
}

/** Continues the chain by these rows, in one transaction. @returns the new end */
export function appendRows(db: DatabaseSync, rows: readonly AuditRow[]): ChainPoint {
  return inTransaction(db, () => continueChain(db, rows))
}

/** As {@link appendRows}, within the caller's transaction. */
export function continueChain(db: DatabaseSync, rows: readonly AuditRow[]): ChainPoint {
  const entry = db.prepare(`INSERT INTO entries (sequence, time, event, severity, agent, user, session, conversation,
    trace, span, content_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const content = db.prepare('INSERT INTO contents (sequence, salt, payload) VALUES (?, ?, ?)')
  let head = readMark(db, 'head')
  for (const row of rows) {
    const sequence = head.sequence + 1
    const salt = randomBytes(16)
    const contentHash = hashContent(salt, row)
    const hash = hashRow(head.hash, { ...row, sequence, contentHash })
    const { time, event, severity, agent, user, session, conversation, trace, span } = row
    entry.run(
      sequence,
      time,
      event,
      severity,
      agent,
      user,
      session,
      conversation,
      trace,
      span,
      contentHash,
      head.hash,
      hash,
    )
    content.run(sequence, salt, row.payload)
    head = { sequence, hash }
  }
  writeMark(db, 'head', head)
  return head
}
