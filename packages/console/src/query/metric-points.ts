import type { MetricKind } from '../api/contract.ts'
import type { PointDetail } from '../store/metric-writer.ts'

/** A stored point. Times in microseconds. */
export interface Point {
  readonly time: number
  readonly start: number
  readonly value: number | null
  readonly count: number | null
  readonly detail: PointDetail | null
}

/** A point as a chart shows it: what happened since the one before. */
export interface Interval {
  readonly time: number
  readonly value: number | null
  /** Its length; null when the point does not say since when it counts. */
  readonly seconds: number | null
  readonly count: number
  readonly min: number | null
  readonly max: number | null
  /** Upper bounds of buckets (the last one null: none) and how many fell into each. */
  readonly buckets: readonly { readonly upTo: number | null; readonly count: number }[]
}

const CUMULATIVE = 2

/** Upper bounds of a histogram's buckets with their counts. */
function bucketsOf(detail: PointDetail | null): { upTo: number | null; count: number }[] {
  if (detail?.counts !== undefined) {
    return detail.counts.map((count, i) => ({ upTo: detail.bounds?.[i] ?? null, count }))
  }
  if (detail?.scale === undefined) return []
  const base = 2 ** (2 ** -detail.scale)
  const { positive, negative } = detail
  // Each side begins with an empty bucket: where its first one begins.
  const below = [...(negative?.counts ?? []), 0].map((count, i) => ({
    upTo: -(base ** ((negative?.offset ?? 0) + i)),
    count,
  }))
  const above = [0, ...(positive?.counts ?? [])].map((count, i) => ({
    upTo: base ** ((positive?.offset ?? 0) + i),
    count,
  }))
  const all = [...below.toReversed(), { upTo: 0, count: detail.zero ?? 0 }, ...above]
  // Of the empty ones those stay that say where the next one begins.
  return all.filter(({ count }, i) => count > 0 || (all[i + 1]?.count ?? 0) > 0)
}

function subtractBuckets(now: ReturnType<typeof bucketsOf>, before: ReturnType<typeof bucketsOf>): Interval['buckets'] {
  const counts = new Map(before.map(({ upTo, count }) => [upTo, count]))
  return now.map(({ upTo, count }) => ({ upTo, count: Math.max(0, count - (counts.get(upTo) ?? 0)) }))
}

function whole(point: Point): Interval {
  return {
    time: point.time,
    value: point.value,
    seconds: point.start > 0 && point.start < point.time ? (point.time - point.start) / 1e6 : null,
    count: point.count ?? 1,
    min: point.detail?.min ?? null,
    max: point.detail?.max ?? null,
    buckets: bucketsOf(point.detail),
  }
}

/** Since the point before; a new start time or a falling count means that the sender started again. */
function difference(point: Point, before: Point): Interval {
  const restarted = point.start > before.time || (point.count ?? 0) < (before.count ?? 0)
  if (restarted) return whole(point)
  return {
    time: point.time,
    value: point.value === null || before.value === null ? null : point.value - before.value,
    seconds: (point.time - before.time) / 1e6,
    count: (point.count ?? 0) - (before.count ?? 0),
    min: null,
    max: null,
    buckets: subtractBuckets(bucketsOf(point.detail), bucketsOf(before.detail)),
  }
}

/** The points of one series as intervals. A cumulative series needs the point before the first, if there is one. */
export function intervalsOf(
  points: readonly Point[],
  kind: MetricKind,
  temporality: number,
  monotonic: boolean,
): Interval[] {
  const running = temporality === CUMULATIVE && kind !== 'gauge' && (kind !== 'sum' || monotonic)
  if (!running) return points.map(whole)
  return points.map((point, i) => (i === 0 ? whole(point) : difference(point, points[i - 1]!)))
}

/** The q-quantile of buckets, linear within one; null when they are empty. */
export function quantileOf(buckets: Interval['buckets'], q: number): number | null {
  const total = buckets.reduce((n, { count }) => n + count, 0)
  if (total === 0) return null
  let seen = 0
  let lower = 0
  for (const { upTo, count } of buckets) {
    if (count > 0 && seen + count >= q * total) {
      if (upTo === null) return lower
      // Before the first bucket nothing says where it begins: at 0, unless it lies below.
      const from = Math.min(lower, upTo)
      return from + ((upTo - from) * (q * total - seen)) / count
    }
    seen += count
    lower = upTo ?? lower
  }
  return lower
}

/** Buckets of several intervals, added up; bounds stay sorted. */
export function mergeBuckets(lists: readonly Interval['buckets'][]): Interval['buckets'] {
  const counts = new Map<number | null, number>()
  for (const list of lists) for (const { upTo, count } of list) counts.set(upTo, (counts.get(upTo) ?? 0) + count)
  return [...counts]
    .map(([upTo, count]) => ({ upTo, count }))
    .toSorted((a, b) => (a.upTo ?? Number.POSITIVE_INFINITY) - (b.upTo ?? Number.POSITIVE_INFINITY))
}
