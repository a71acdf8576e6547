import type { DatabaseSync } from 'node:sqlite'

/** How much is kept; absent is no limit. */
export interface RetentionLimits {
  /** Milliseconds: traces and logs that started longer ago are deleted. */
  readonly maxAge?: number
  /** Bytes: the oldest traces and logs are deleted while the file's content is larger. */
  readonly maxBytes?: number
}

/** Deletes in small steps, so that no transaction keeps senders waiting. */
const TRACES_AT_ONCE = 500
const LOGS_AT_ONCE = 2000
const ROLLUPS_KEPT_MICROS = 400 * 24 * 3600 * 1e6
/** When the size is exceeded, so much of the limit is freed at least. */
const SLACK = 0.02

/** Deletes what is too old or too much, inside the caller's transaction. */
export interface Retention {
  deleteDue(now: number): { readonly traces: number; readonly more: boolean }
  /** Outside a transaction: hands free pages back to the file system. */
  giveBackSpace(): void
}

/** Opens retention with its limits. */
export function openRetention(db: DatabaseSync, limits: RetentionLimits): Retention {
  const pragma = (name: string): number => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0)
  const oldest = db.prepare('SELECT tr, trace_id FROM traces WHERE start < ? ORDER BY start LIMIT ?')
  const statements = [
    'DELETE FROM span_text WHERE rowid IN (SELECT id FROM chunks WHERE tr = ?)',
    'DELETE FROM chunks WHERE tr = ?',
    'DELETE FROM spans WHERE tr = ?',
    'DELETE FROM trace_facets WHERE (dim, key, tr) IN (SELECT dim, key, tr FROM trace_facets WHERE tr = ?)',
    'DELETE FROM traces WHERE tr = ?',
  ].map((sql) => db.prepare(sql))
  /** Start of the oldest trace, and time of the last of the oldest logs. */
  const ends = db.prepare(`SELECT (SELECT min(start) FROM traces) AS trace,
    (SELECT max(time) FROM (SELECT time FROM logs ORDER BY time LIMIT ?)) AS log`)
  const deleteLogs = db.prepare('DELETE FROM logs WHERE time < ?')
  const deletePoints = db.prepare('DELETE FROM points WHERE time < ?')
  const deleteRollups = db.prepare('DELETE FROM rollups WHERE tier = ? AND t < ?')
  const count = db.prepare(
    "INSERT INTO counters VALUES('deletedTraces', ?) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
  )
  const deadLogChunks = `(SELECT id FROM log_chunks WHERE id < (SELECT coalesce(min(chunk), 0) FROM logs))`

  const deleteTraces = (before: number, most: number): number => {
    const found = oldest.all(before, most)
    for (const { tr } of found) for (const statement of statements) statement.run(Number(tr))
    if (found.length > 0) count.run(found.length)
    return found.length
  }
  const deleteLogsBefore = (before: number): boolean => {
    if (Number(deleteLogs.run(before).changes) === 0) return false
    db.exec(`DELETE FROM log_text WHERE rowid IN ${deadLogChunks}; DELETE FROM log_chunks WHERE id IN ${deadLogChunks}`)
    return true
  }
  const usedBytes = (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  /** Deletes a little of what is oldest: traces, or logs where those are older; false when nothing is left. */
  const deleteOldest = (): number | false => {
    const next = ends.get(LOGS_AT_ONCE)
    const traceStart = next?.trace === null ? Number.POSITIVE_INFINITY : Number(next?.trace)
    const logsEnd = next?.log === null ? Number.POSITIVE_INFINITY : Number(next?.log)
    if (traceStart <= logsEnd && traceStart < Number.POSITIVE_INFINITY) return deleteTraces(Number.MAX_SAFE_INTEGER, 50)
    return logsEnd < Number.POSITIVE_INFINITY && deleteLogsBefore(logsEnd + 1) ? 0 : false
  }

  return {
    deleteDue(now) {
      let traces = 0
      if (limits.maxAge !== undefined) {
        const before = (now - limits.maxAge) * 1000
        traces += deleteTraces(before, TRACES_AT_ONCE)
        deleteLogsBefore(before)
        deletePoints.run(before)
        deleteRollups.run(0, Math.floor(before / 60e6))
      }
      deleteRollups.run(2, Math.floor((now * 1000 - ROLLUPS_KEPT_MICROS) / 3600e6))
      const most = limits.maxBytes === undefined ? Number.POSITIVE_INFINITY : limits.maxBytes * (1 - SLACK)
      let emptied = false
      while (!emptied && traces < TRACES_AT_ONCE && usedBytes() > most) {
        const deleted = deleteOldest()
        emptied = deleted === false
        if (deleted !== false) traces += deleted
      }
      return { traces, more: traces >= TRACES_AT_ONCE }
    },
    giveBackSpace() {
      db.exec('PRAGMA incremental_vacuum(2000)')
    },
  }
}
