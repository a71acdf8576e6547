/** What was spent in one of a row of equally long intervals. */
export interface SpendBucket {
  /** Milliseconds since 1970. */
  readonly start: number
  /** US dollars. */
  readonly amount: number
}

/** An expected amount in US dollars with the interval in which 95 of 100 such amounts fall, if the trend goes on. */
export interface SpendEstimate {
  readonly expected: number
  readonly low: number
  readonly high: number
}

/** Spend to be expected in the next hour, day and 30 days. */
export interface SpendProjection {
  readonly hour: SpendEstimate
  readonly day: SpendEstimate
  readonly month: SpendEstimate
  /** Change of the spend per hour, in US dollars per hour, each hour. */
  readonly trendPerHour: number
}

const HOUR_MS = 3_600_000

/** Two-sided 95 % quantiles of Student's t by degrees of freedom; beyond them the normal's plus a small correction. */
const T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

function t95(degrees: number): number {
  return T95[degrees - 1] ?? 1.96 + 2.4 / degrees
}

interface Line {
  readonly n: number
  readonly meanX: number
  readonly meanY: number
  readonly sxx: number
  readonly slope: number
  readonly variance: number
}

function fit(values: readonly number[]): Line {
  const n = values.length
  const meanX = (n - 1) / 2
  const meanY = values.reduce((sum, value) => sum + value, 0) / n
  const sxx = (n * (n * n - 1)) / 12
  const slope = values.reduce((sum, value, x) => sum + (x - meanX) * (value - meanY), 0) / sxx
  const squares = values.reduce((sum, value, x) => sum + (value - meanY - slope * (x - meanX)) ** 2, 0)
  return { n, meanX, meanY, sxx, slope, variance: squares / (n - 2) }
}

/** The sum of the `steps` intervals after the last: its expectation on the line, and the error of line and scatter. */
function ahead(line: Line, steps: number): SpendEstimate {
  const centre = line.n - 1 + (steps + 1) / 2
  const expected = steps * (line.meanY + line.slope * (centre - line.meanX))
  const spread = line.variance * (steps + steps ** 2 * (1 / line.n + (centre - line.meanX) ** 2 / line.sxx))
  const margin = t95(line.n - 2) * Math.sqrt(spread)
  // Money is never earned by spending: a falling trend ends at zero.
  const low = Math.max(0, expected - margin)
  return { expected: Math.max(0, expected), low, high: Math.max(low, expected + margin) }
}

/**
 * Projects spend from its linear trend.
 * @param buckets a gapless row, oldest first, of complete intervals of `bucketMs` each (an interval without spend has amount 0).
 * @returns undefined for fewer than three buckets: a line and its error need three points.
 */
export function projectSpend(buckets: readonly SpendBucket[], bucketMs: number = HOUR_MS): SpendProjection | undefined {
  if (buckets.length < 3) return undefined
  const line = fit(buckets.map((bucket) => bucket.amount))
  const perHour = HOUR_MS / bucketMs
  return {
    hour: ahead(line, perHour),
    day: ahead(line, 24 * perHour),
    month: ahead(line, 720 * perHour),
    trendPerHour: line.slope * perHour * perHour,
  }
}
