import type { DatabaseSync } from 'node:sqlite'
import { continueChain, readMark, writeMark, type ChainPoint } from './append-rows.ts'
import { PRUNED_EVENT, auditRow } from './audit-event.ts'
import { inTransaction } from './audit-file.ts'
import { hex } from './chain.ts'

/** Which rows to take away; a row goes when either says so. */
export interface PruneOptions {
  /** Milliseconds since 1970: rows older than this go, up to the first that is not. */
  readonly before?: number
  /** So many of the newest rows stay, beside the records of pruning. */
  readonly keep?: number
}

/** What pruning did. */
export interface Pruned {
  readonly rows: number
}

/**
 * Takes the oldest rows away. What is left verifies: the chain then begins at the last row taken (the anchor), and a
 * record of it, in the chain, says that this is where it begins.
 * @internal
 */
export function pruneRows(db: DatabaseSync, { before, keep }: PruneOptions): Pruned {
  return inTransaction(db, () => {
    const through = Math.max(
      before === undefined ? 0 : lastBefore(db, before),
      keep === undefined ? 0 : lastBeyond(db, keep),
    )
    const anchor = db.prepare('SELECT sequence, hash FROM entries WHERE sequence = ?').get(through)
    if (anchor === undefined) return { rows: 0 }
    const { sequence, hash } = anchor as unknown as ChainPoint
    const { changes } = db.prepare('DELETE FROM entries WHERE sequence <= ?').run(sequence)
    db.prepare('DELETE FROM contents WHERE sequence <= ?').run(sequence)
    writeMark(db, 'anchor', { sequence, hash })
    continueChain(db, [
      auditRow({ event: PRUNED_EVENT, attributes: { rows: Number(changes), through: sequence, hash: hex(hash) } }),
    ])
    return { rows: Number(changes) }
  })
}

/** Records of pruning do not count: pruning again and again must not put them in the place of what happened. */
function lastBeyond(db: DatabaseSync, keep: number): number {
  const row = db
    .prepare('SELECT sequence FROM entries WHERE event <> ? ORDER BY sequence DESC LIMIT 1 OFFSET ?')
    .get(PRUNED_EVENT, Math.max(0, Math.trunc(keep)))
  return Number(row?.['sequence'] ?? 0)
}

function lastBefore(db: DatabaseSync, time: number): number {
  const kept = db.prepare('SELECT min(sequence) AS first FROM entries WHERE time >= ?').get(time)
  const first = kept?.first as number | null
  return first === null ? readMark(db, 'head').sequence : first - 1
}
