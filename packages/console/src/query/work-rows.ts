import type { ResolvedRange, WorkTimes } from '../api/contract.ts'
import { EVENT_STAGES } from '../store/work-writer.ts'
import type { Reader } from './reader.ts'
import { hexOf } from './trace-summary.ts'

/** So many of the newest rows of a window are read. */
const MAX_ROWS = 100_000

/** An event that was published or handled, or an execution of a worker. Microseconds. */
export interface WorkRow {
  readonly name: number
  readonly start: number
  readonly duration: number
  readonly handled: boolean
  readonly stage: (typeof EVENT_STAGES)[number]
  readonly service: number
  /** When the publishing of the event that is handled began; null when that is not known. */
  readonly published: number | null
  readonly traceId: () => string
}

/** Rows of a window, the newest first. */
export interface WorkRows {
  readonly rows: readonly WorkRow[]
  readonly exact: boolean
}

/** Reads the work of a kind in a window. */
export function workRows(reader: Reader, dim: number, range: ResolvedRange, service: string | null): WorkRows {
  const ofService = service === null ? '' : `AND w.service = ${reader.idOf(service) ?? -1}`
  const rows = reader.rows(
    `SELECT w.name, w.start, w.duration, w.handled, w.stage, w.service, p.start, t.trace_id
      FROM work w JOIN traces t ON t.tr = w.tr
      LEFT JOIN work p ON p.tr = w.tr AND p.span_id = w.parent AND p.dim = w.dim AND p.handled = 0 AND w.handled = 1
      WHERE w.dim = ? AND w.start >= ? AND w.start < ? ${ofService} ORDER BY w.start DESC LIMIT ?`,
    dim,
    range.from * 1000,
    range.to * 1000,
    MAX_ROWS + 1,
  )
  return {
    rows: rows.slice(0, MAX_ROWS).map(([name, start, duration, handled, stage, of, published, traceId]) => ({
      name: Number(name),
      start: Number(start),
      duration: Number(duration),
      handled: Number(handled) === 1,
      stage: EVENT_STAGES[Number(stage)] ?? 'completed',
      service: Number(of),
      published: published === null ? null : Number(published),
      traceId: () => hexOf(traceId as never),
    })),
    exact: rows.length <= MAX_ROWS,
  }
}

/** Rows by name, in the order in which the names first come. */
export function byName(rows: readonly WorkRow[]): Map<number, WorkRow[]> {
  return Map.groupBy(rows, ({ name }) => name)
}

/** Mean and 95th percentile of microseconds, as milliseconds. */
export function timesOf(micros: readonly number[]): WorkTimes {
  if (micros.length === 0) return { mean: null, p95: null }
  const sorted = micros.toSorted((a, b) => a - b)
  const sum = sorted.reduce((a, b) => a + b, 0)
  return { mean: sum / sorted.length / 1000, p95: sorted[Math.ceil(0.95 * sorted.length) - 1]! / 1000 }
}

/** Where work of one name was done and when last. */
export function lastOf(reader: Reader, rows: readonly WorkRow[]) {
  const newest = rows[0]!
  return {
    services: [...new Set(rows.map(({ service }) => service))]
      .map((id) => reader.text(id))
      .filter((text) => text !== ''),
    lastSeen: newest.start / 1000,
    traceId: newest.traceId(),
  }
}

/** Part of a whole, 0 to 1; null of nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
