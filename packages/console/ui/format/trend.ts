/** Where a course of values is going: a straight line through its points. */

/** Share of its mean by which the line must rise or fall over the window to be called a trend. */
const NOTABLE = 0.05
/** Fewer points say nothing. */
const LEAST = 4

/** What the slope's ratio to its error must exceed to be no chance in 95 of 100 cases: Student's t, to two terms. */
const beyondChance = (freedom: number): number => 1.96 + 2.37 / freedom + 2.82 / freedom ** 2

export interface Trend {
  readonly direction: 'rising' | 'falling' | 'steady'
  /** Change in an hour as a share of the mean, with its sign. */
  readonly perHour: number
}

/**
 * Least squares over points that are known. Values that only scatter are steady, however steep the line through them.
 * @param time epoch milliseconds
 * @returns null when there are too few points, or their mean is 0
 */
export function trendOf(time: readonly number[], value: readonly (number | null)[]): Trend | null {
  const points = time.flatMap((at, i) => {
    const known = value[i]
    return known === null || known === undefined ? [] : [{ x: at / 3_600_000, y: known }]
  })
  if (points.length < LEAST) return null
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  if (meanY === 0 || spread === 0) return null
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread
  const perHour = slope / Math.abs(meanY)
  const overWindow = perHour * (points.at(-1)!.x - points[0]!.x)
  const freedom = points.length - 2
  const unexplained = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  const error = Math.sqrt(unexplained / freedom / spread)
  if (Math.abs(overWindow) <= NOTABLE || Math.abs(slope) <= beyondChance(freedom) * error)
    return { direction: 'steady', perHour }
  return { direction: slope > 0 ? 'rising' : 'falling', perHour }
}
