/** A distribution, cumulative: `counts[i]` holds values up to and including `bounds[i]`, the last one the rest. */
export interface Distribution {
  readonly count: number
  readonly sum: number
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

/** One point; `time` in milliseconds since the epoch. */
export interface Sample<Value = number> {
  readonly time: number
  readonly value: Value
}

interface SeriesBase {
  /** Attributes, values as text. */
  readonly labels: Readonly<Record<string, string>>
  /** When it began to count; a series that began within a window counts from 0 there. */
  readonly start?: number
}

/** Points of one metric with one set of labels, oldest first. Counters and distributions are cumulative. */
export type Series =
  | (SeriesBase & { readonly kind: 'gauge' | 'counter'; readonly points: readonly Sample[] })
  | (SeriesBase & { readonly kind: 'distribution'; readonly points: readonly Sample<Distribution>[] })

/** Where rules get their series: the process's own metrics, or a store of many. */
export interface TimeSeries {
  /**
   * The series of a metric with a point from `from` to `to`, both inclusive (milliseconds since the epoch), and for
   * cumulative ones the last point before, if it is known. May throw; the rule then says so.
   */
  samples(metric: string, from: number, to: number): readonly Series[]
}

/** What was added from `from` on. A total that falls was reset: it counts from 0 again. */
export function increaseOf(points: readonly Sample[], from: number, start: number | undefined): number {
  let total = 0
  let before: number | undefined = start !== undefined && start >= from ? 0 : undefined
  for (const { value } of points) {
    if (before !== undefined) total += value >= before ? value - before : value
    before = value
  }
  return total
}

/** The same for distributions, bucket by bucket. */
export function distributionIncrease(
  points: readonly Sample<Distribution>[],
  from: number,
  start: number | undefined,
): Distribution | undefined {
  const last = points.at(-1)?.value
  if (last === undefined) return undefined
  const counts = last.counts.map(() => 0)
  let [count, sum] = [0, 0]
  let before: Distribution | undefined
  for (const { value } of points) {
    const born = before === undefined && start !== undefined && start >= from
    if (before !== undefined || born) {
      // A reset, or other buckets than before: all of it is new.
      const base = before !== undefined && before.count <= value.count && sameBounds(before, value) ? before : undefined
      count += value.count - (base?.count ?? 0)
      sum += value.sum - (base?.sum ?? 0)
      if (sameBounds(value, last))
        for (const [index, held] of value.counts.entries()) counts[index]! += held - (base?.counts[index] ?? 0)
    }
    before = value
  }
  return { count, sum, bounds: last.bounds, counts }
}

function sameBounds(one: Distribution, other: Distribution): boolean {
  return (
    one.bounds === other.bounds ||
    (one.bounds.length === other.bounds.length && one.bounds.every((bound, index) => bound === other.bounds[index]))
  )
}

/** Adds distributions of equal buckets; those of other buckets than the first one's are left out. */
export function addDistributions(all: readonly Distribution[]): Distribution | undefined {
  const [first] = all
  if (first === undefined) return undefined
  const alike = all.filter((each) => sameBounds(first, each))
  return {
    count: alike.reduce((total, { count }) => total + count, 0),
    sum: alike.reduce((total, { sum }) => total + sum, 0),
    bounds: first.bounds,
    counts: first.counts.map((_, index) => alike.reduce((total, { counts }) => total + (counts[index] ?? 0), 0)),
  }
}

/** The value below which `share` (0 to 1) of the distribution lies, linear within a bucket, as Prometheus has it. */
export function quantileOf({ count, bounds, counts }: Distribution, share: number): number | undefined {
  if (count === 0) return undefined
  const rank = share * count
  let below = 0
  for (const [index, held] of counts.entries()) {
    if (below + held >= rank && held > 0) {
      const upper = bounds[index]
      // Beyond the last bound nothing is known but that.
      if (upper === undefined) return bounds.at(-1)
      const lower = index === 0 ? Math.min(0, upper) : bounds[index - 1]!
      return lower + (upper - lower) * ((rank - below) / held)
    }
    below += held
  }
  return bounds.at(-1)
}
