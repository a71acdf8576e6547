import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { continueChain, readMark, writeMark, type ChainPoint } from './append-rows.ts'
import { PRUNED_EVENT, auditRow } from './audit-event.ts'
import { inTransaction } from './audit-file.ts'
import { hex } from './chain.ts'

/** Which rows to take away; a row goes when either says so. */
export interface PruneOptions {
  /** Milliseconds since 1970: rows older than this go, up to the first that is not. A row of tomorrow or later is not asked. */
  readonly before?: number
  /** So many of the newest rows stay, beside the records of pruning. */
  readonly keep?: number
}

/** What pruning did. */
export interface Pruned {
  readonly rows: number
}

/** Rows of one transaction: others who write wait for no more than this. */
const PIECE = 2000
/** Between two pieces, ms: who waits for the file gets it. */
const PAUSE_MS = 10
const DAY_MS = 86_400_000

/**
 * Takes the oldest rows away. What is left verifies: the chain then begins at the last row taken (the anchor), and a
 * record of it, in the chain, says that it may begin there. The record comes first, then the rows go piece by piece;
 * after each the log verifies, whatever becomes of the process. The first piece is gone when this has returned.
 *
 * @param goesOn asked before each further piece
 * @internal
 */
export async function pruneRows(db: DatabaseSync, options: PruneOptions, goesOn: () => boolean): Promise<Pruned> {
  const { before, keep } = options
  const last = Math.max(
    before === undefined ? 0 : lastBefore(db, before),
    keep === undefined ? 0 : lastBeyond(db, keep),
  )
  if (!inTransaction(db, () => recordPruning(db, last))) return { rows: 0 }
  let rows = 0
  for (;;) {
    const taken = inTransaction(db, () => takePiece(db, last))
    rows += taken
    if (taken < PIECE) return { rows }
    await setTimeout(PAUSE_MS)
    if (!goesOn()) return { rows }
  }
}

/** False: there is no such row; another process may have taken it. */
function recordPruning(db: DatabaseSync, last: number): boolean {
  const row = db.prepare('SELECT hash FROM entries WHERE sequence = ?').get(last)
  if (row === undefined) return false
  const rows = last - readMark(db, 'anchor').sequence
  const attributes = { rows, through: last, hash: hex(row.hash as Uint8Array) }
  continueChain(db, [auditRow({ event: PRUNED_EVENT, attributes })])
  return true
}

/** The oldest rows, up to the last that is to go. @returns how many */
function takePiece(db: DatabaseSync, last: number): number {
  const end = db.prepare('SELECT sequence, hash FROM entries ORDER BY sequence LIMIT 1 OFFSET ?').get(PIECE - 1)
  const within = end !== undefined && Number(end.sequence) <= last
  const anchor = within ? end : db.prepare('SELECT sequence, hash FROM entries WHERE sequence = ?').get(last)
  if (anchor === undefined) return 0
  const { sequence, hash } = anchor as unknown as ChainPoint
  const { changes } = db.prepare('DELETE FROM entries WHERE sequence <= ?').run(sequence)
  db.prepare('DELETE FROM contents WHERE sequence <= ?').run(sequence)
  writeMark(db, 'anchor', { sequence, hash })
  return Number(changes)
}

/** Records of pruning do not count: pruning again and again must not put them in the place of what happened. */
function lastBeyond(db: DatabaseSync, keep: number): number {
  const row = db
    .prepare('SELECT sequence FROM entries WHERE event <> ? ORDER BY sequence DESC LIMIT 1 OFFSET ?')
    .get(PRUNED_EVENT, Math.max(0, Math.trunc(keep)))
  return Number(row?.['sequence'] ?? 0)
}

/** A row of the far future (a clock that was wrong) keeps none before it, and goes with those after it. */
function lastBefore(db: DatabaseSync, time: number): number {
  const kept = db
    .prepare('SELECT min(sequence) AS first FROM entries WHERE time >= ? AND time <= ?')
    .get(time, Date.now() + DAY_MS)
  const first = (kept?.first as number | null) ?? Number.MAX_SAFE_INTEGER
  const old = db.prepare('SELECT max(sequence) AS last FROM entries WHERE time < ? AND sequence < ?').get(time, first)
  return (old?.last as number | null) ?? 0
}
