import type { DatabaseSync } from 'node:sqlite'

const STATEMENTS = [
  'DELETE FROM span_text WHERE rowid IN (SELECT id FROM chunks WHERE tr = ?)',
  'DELETE FROM chunks WHERE tr = ?',
  'DELETE FROM spans WHERE tr = ?',
  'DELETE FROM work WHERE tr = ?',
  'DELETE FROM trace_facets WHERE (dim, key, tr) IN (SELECT dim, key, tr FROM trace_facets WHERE tr = ?)',
  'DELETE FROM traces WHERE tr = ?',
]

/** Deletes traces by their numbers, with all that belongs to them but logs and roll-ups, and counts them. */
export function openTraceDeleter(db: DatabaseSync): (numbers: readonly number[]) => void {
  const statements = STATEMENTS.map((sql) => db.prepare(sql))
  const count = db.prepare(
    "INSERT INTO counters VALUES('deletedTraces', ?) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
  )
  return (numbers) => {
    for (const tr of numbers) for (const statement of statements) statement.run(tr)
    if (numbers.length > 0) count.run(numbers.length)
  }
}

/** Deletes logs by a condition on `logs`, and the chunks that nothing is left of. */
export function deleteLogsWhere(db: DatabaseSync, condition: string, ...values: (number | Uint8Array)[]): number {
  const chunks = db.prepare(`SELECT DISTINCT chunk FROM logs WHERE ${condition}`).all(...values)
  const { changes } = db.prepare(`DELETE FROM logs WHERE ${condition}`).run(...values)
  const empty = 'NOT EXISTS (SELECT 1 FROM logs WHERE logs.chunk = ?1)'
  const dropText = db.prepare(`DELETE FROM log_text WHERE rowid = ?1 AND ${empty}`)
  const dropChunk = db.prepare(`DELETE FROM log_chunks WHERE id = ?1 AND ${empty}`)
  for (const { chunk } of chunks) {
    dropText.run(Number(chunk))
    dropChunk.run(Number(chunk))
  }
  return Number(changes)
}
