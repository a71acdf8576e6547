import type { DatabaseSync } from 'node:sqlite'
import { type ChainedFields, hashRow, hex } from './chain.ts'

/** A row as the file has it. */
export interface StoredRow extends ChainedFields {
  readonly previous_hash: Uint8Array
  readonly hash: Uint8Array
}

/** How far from its place a row is looked for when the row before it is gone too. */
const REACH = 1000

/**
 * The number under which a row was written: the hash covers it, so it tells where a row that was moved came from.
 *
 * @param shift by how much the rows before this one have moved
 * @returns undefined when no number fits: the row itself was changed
 */
export function originalSequence(row: StoredRow, shift: number, db: DatabaseSync): number | undefined {
  const fits = (sequence: number): boolean => hex(hashRow(row.previous_hash, { ...row, sequence })) === hex(row.hash)
  if (fits(row.sequence)) return row.sequence
  if (fits(row.sequence - shift)) return row.sequence - shift
  const before = db.prepare('SELECT sequence FROM entries WHERE hash = ?').get(row.previous_hash)
  const after = before === undefined ? undefined : Number(before.sequence) + 1
  if (after !== undefined && fits(after)) return after
  for (let distance = 1; distance <= REACH; distance++) {
    if (fits(row.sequence - distance)) return row.sequence - distance
    if (fits(row.sequence + distance)) return row.sequence + distance
  }
  return undefined
}
