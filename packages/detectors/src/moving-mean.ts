/** Mean of the last `span` milliseconds, in at most `CAPACITY` buckets. */
export interface MovingMean {
  readonly spanMs: number
  times: number[]
  values: number[]
}

const CAPACITY = 128

export function newMovingMean(spanMs: number): MovingMean {
  return { spanMs, times: [], values: [] }
}

export function updateMovingMean(state: MovingMean, value: number, time: number): number {
  state.times.push(time)
  state.values.push(value)
  while (state.times[0]! <= time - state.spanMs || state.times.length > CAPACITY) {
    state.times.shift()
    state.values.shift()
  }
  return state.values.reduce((sum, v) => sum + v, 0) / state.values.length
}
