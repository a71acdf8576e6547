import type { MetricKind, MetricSeriesList } from '../api/contract.ts'
import { type Interval, mergeBuckets, quantileOf } from './metric-points.ts'

type Summary = MetricSeriesList['summary']

/** Whether the points of a kind hold buckets. */
export function isDistribution(kind: MetricKind): boolean {
  return kind === 'histogram' || kind === 'exponential_histogram'
}

/** The square root of the mean square distance from the mean; each value counts as often as it is said to have occurred. */
function deviation(values: readonly (readonly [value: number, times: number])[], mean: number): number {
  const times = values.reduce((n, [, count]) => n + count, 0)
  return Math.sqrt(values.reduce((sum, [value, count]) => sum + count * (value - mean) ** 2, 0) / times)
}

/** Each bucket by its middle; the last, which has no upper bound, by its lower one. */
function middles(buckets: Interval['buckets']): [value: number, times: number][] {
  let lower = 0
  return buckets.map(({ upTo, count }) => {
    const middle = upTo === null ? lower : (Math.min(lower, upTo) + upTo) / 2
    lower = upTo ?? lower
    return [middle, count]
  })
}

function ofDistribution(intervals: readonly Interval[]): Summary {
  const buckets = mergeBuckets(intervals.map((interval) => interval.buckets))
  const count = intervals.reduce((n, interval) => n + interval.count, 0)
  const sum = intervals.reduce((n, interval) => n + (interval.value ?? 0), 0)
  const at = (q: number): number | null => quantileOf(buckets, q)
  const filled = buckets.filter((bucket) => bucket.count > 0)
  const mean = count > 0 ? sum / count : null
  return {
    count,
    sum: count > 0 ? sum : null,
    min: at(0),
    max: filled.at(-1)?.upTo ?? null,
    mean,
    median: at(0.5),
    standardDeviation: mean === null || filled.length === 0 ? null : deviation(middles(buckets), mean),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
  }
}

/** What the points of a window come to. A counter's points are what it gained since the one before. */
export function summaryOf(
  intervals: readonly Interval[],
  { kind, monotonic }: { readonly kind: MetricKind; readonly monotonic: boolean },
): Summary {
  if (isDistribution(kind)) return ofDistribution(intervals)
  const sorted = intervals
    .map(({ value }) => value)
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b)
  const at = (q: number): number | null => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null
  const total = sorted.reduce((sum, value) => sum + value, 0)
  const mean = sorted.length === 0 ? null : total / sorted.length
  const adds = kind === 'summary' || (kind === 'sum' && monotonic)
  return {
    count: sorted.length,
    sum: adds && mean !== null ? total : null,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    mean,
    median: at(0.5),
    standardDeviation:
      mean === null
        ? null
        : deviation(
            sorted.map((value) => [value, 1]),
            mean,
          ),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
  }
}
