/** A slope learned from the stream: how much of one number another explains. */
export interface RegressionState {
  count: number
  meanX: number
  meanY: number
  sumXX: number
  sumXY: number
}

const MEMORY = 4000

export function newRegression(): RegressionState {
  return { count: 0, meanX: 0, meanY: 0, sumXX: 0, sumXY: 0 }
}

/**
 * What of `y` is left when what `x` explains is taken off. Learns from the pair afterwards.
 * @param ridge the sum of squares of `x` below which the slope is not believed
 * @param limit the largest deviation of `y` that is learned from
 */
export function residual(state: RegressionState, y: number, x: number, ridge: number, limit: number): number {
  const slope = state.count > 50 ? Math.max(0, state.sumXY / (state.sumXX + ridge)) : 0
  const left = y - slope * (x - state.meanX)
  state.count++
  const rate = 1 / Math.min(state.count, MEMORY)
  const dx = x - state.meanX
  state.meanX += rate * dx
  const dy = Math.max(-limit, Math.min(limit, y - state.meanY))
  state.meanY += rate * dy
  const fade = 1 - 1 / MEMORY
  state.sumXX = state.sumXX * fade + dx * dx
  state.sumXY = state.sumXY * fade + dx * dy
  return left
}
