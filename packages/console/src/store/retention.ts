import type { DatabaseSync } from 'node:sqlite'
import { TRACE_STATUSES } from './codes.ts'
import { deleteLogsWhere, openTraceDeleter } from './delete-traces.ts'

/** How much is kept; absent is no limit. */
export interface RetentionLimits {
  /** Milliseconds: traces and logs that started longer ago are deleted. */
  readonly maxAge?: number
  /** Milliseconds: failed traces and their logs are kept so long, when it is longer than `maxAge`. */
  readonly maxErrorAge?: number
  /** Share of the traces that did not fail that is kept as long as failed ones, by trace id; 0 to 1. */
  readonly keepShare?: number
  /** Milliseconds: points of metrics are kept so long; without it as long as traces. */
  readonly maxMetricAge?: number
  /** Bytes: the oldest traces and logs are deleted while the file's content is larger. */
  readonly maxBytes?: number
}

/** Deletes in small steps, so that no transaction keeps senders waiting. */
const TRACES_AT_ONCE = 500
const TRACES_AT_ONCE_BY_SIZE = 50
const LOGS_AT_ONCE = 2000
const ROLLUPS_KEPT_MICROS = 400 * 24 * 3600 * 1e6
/** When the size is exceeded, so much of the limit is freed at least. */
const SLACK = 0.02

const FAILED = TRACE_STATUSES.indexOf('error')
const OTHERS = TRACE_STATUSES.map((_, code) => code).filter((code) => code !== FAILED)

/** Logs of a trace live as long as it does. */
const WITHOUT_TRACE = 'NOT EXISTS (SELECT 1 FROM traces WHERE traces.trace_id = logs.trace_id)'

/** Deletes what is too old or too much, inside the caller's transaction. */
export interface Retention {
  deleteDue(now: number): { readonly traces: number; readonly more: boolean }
  /** Outside a transaction: hands free pages back to the file system. */
  giveBackSpace(): void
}

/** The part of a trace id that W3C calls random, of which eight digits are enough to draw by. */
const DRAW = 'hex(substr(trace_id, 10, 4))'

/** SQL that is true for traces outside the share that is kept, or older than even that; `?` is the age of the latter. */
function outside(share: number): string {
  const end = Math.round(share * 2 ** 32)
  if (end >= 2 ** 32) return 'start < ?'
  const threshold = end.toString(16).toUpperCase().padStart(8, '0')
  return `(${DRAW} >= '${threshold}' OR start < ?)`
}

interface Oldest {
  readonly numbers: number[]
  /** Start of the first of them; infinite when there is none. */
  readonly start: number
}

/** Finds the oldest traces: failed ones last, as long as they are the smaller part of what is kept. */
function openOldest(db: DatabaseSync, keepShare: number) {
  const select = (where: string) =>
    db.prepare(`SELECT tr, start FROM traces WHERE status = ? AND start < ? ${where} ORDER BY start LIMIT ?`)
  const ofStatus = select('')
  const ofShare = keepShare > 0 ? select(`AND ${outside(keepShare)}`) : undefined
  const share = db.prepare(`SELECT count(*) AS n, coalesce(sum(status = ${FAILED}), 0) AS failed FROM traces`)
  const find = (statuses: readonly number[], before: number, most: number): Oldest => {
    const rows = statuses.flatMap((status) => ofStatus.all(status, before, most))
    const sorted = rows.toSorted((a, b) => Number(a.start) - Number(b.start)).slice(0, most)
    return { numbers: sorted.map(({ tr }) => Number(tr)), start: Number(sorted[0]?.start ?? Number.POSITIVE_INFINITY) }
  }
  return {
    find,
    /** The oldest that did not fail, without the share that is kept until `keptBefore`. */
    findDue(before: number, keptBefore: number): number[] {
      if (ofShare === undefined) return find(OTHERS, before, TRACES_AT_ONCE).numbers
      return OTHERS.flatMap((status) => ofShare.all(status, before, keptBefore, TRACES_AT_ONCE))
        .slice(0, TRACES_AT_ONCE)
        .map(({ tr }) => Number(tr))
    },
    spareFailed(): boolean {
      const row = share.get()
      return Number(row?.failed) * 2 < Number(row?.n)
    },
  }
}

/** Opens retention with its limits. */
export function openRetention(db: DatabaseSync, limits: RetentionLimits): Retention {
  const pragma = (name: string): number => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0)
  const oldest = openOldest(db, limits.keepShare ?? 0)
  const deleteTraces = openTraceDeleter(db)
  /** Time of the last of the oldest logs. */
  const logsEnd = db.prepare('SELECT max(time) AS time FROM (SELECT time FROM logs ORDER BY time LIMIT ?)')
  const deletePoints = db.prepare('DELETE FROM points WHERE time < ?')
  const deleteRollups = db.prepare('DELETE FROM rollups WHERE tier = ? AND t < ?')

  const deleteByAge = (now: number, maxAge: number): number => {
    const before = (now - maxAge) * 1000
    const failedBefore = (now - Math.max(maxAge, limits.maxErrorAge ?? 0)) * 1000
    const due = oldest.findDue(before, failedBefore)
    const failed = oldest.find([FAILED], failedBefore, TRACES_AT_ONCE).numbers
    deleteTraces([...due, ...failed])
    deleteLogsWhere(db, `time < ? AND ${WITHOUT_TRACE}`, before)
    deleteRollups.run(0, Math.floor(before / 60e6))
    return due.length + failed.length
  }
  /** Deletes a little of what is oldest: traces, or logs where those are older; false when nothing is left. */
  const deleteOldest = (spareFailed: boolean): number | false => {
    const all = [...OTHERS, FAILED]
    const next = oldest.find(spareFailed ? OTHERS : all, Number.MAX_SAFE_INTEGER, TRACES_AT_ONCE_BY_SIZE)
    const end = logsEnd.get(LOGS_AT_ONCE)?.time ?? null
    const logs = end === null ? Number.POSITIVE_INFINITY : Number(end)
    if (next.start <= logs && next.numbers.length > 0) {
      deleteTraces(next.numbers)
      return next.numbers.length
    }
    return end !== null && deleteLogsWhere(db, 'time < ?', logs + 1) > 0 ? 0 : false
  }
  const usedBytes = (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')

  return {
    deleteDue(now) {
      const pointAge = limits.maxMetricAge ?? limits.maxAge
      if (pointAge !== undefined) deletePoints.run((now - pointAge) * 1000)
      let traces = limits.maxAge === undefined ? 0 : deleteByAge(now, limits.maxAge)
      deleteRollups.run(2, Math.floor((now * 1000 - ROLLUPS_KEPT_MICROS) / 3600e6))
      const most = limits.maxBytes === undefined ? Number.POSITIVE_INFINITY : limits.maxBytes * (1 - SLACK)
      while (traces < TRACES_AT_ONCE && usedBytes() > most) {
        const deleted = deleteOldest(oldest.spareFailed())
        if (deleted === false) break
        traces += deleted
      }
      return { traces, more: traces >= TRACES_AT_ONCE }
    },
    giveBackSpace() {
      db.exec('PRAGMA incremental_vacuum(2000)')
    },
  }
}
