/**
 * What is usual for one series: mean and spread of its (transformed) values, learned from the stream,
 * slowly forgetting, and not fooled by single wild values.
 */
export interface BaselineState {
  /** Values learned from. */
  count: number
  mean: number
  variance: number
  /** Sum of products of neighbouring deviations, for the lag-1 autocorrelation. */
  covariance: number
  previous: number
  /** Offset of each hour of the day from the mean, and the values seen in it. */
  hourOffset: number[]
  hourCount: number[]
  /** The block that is being summed: its values and their deviations. */
  blockCount: number
  blockSum: number
  /** Blocks seen, and the variance of their means. */
  blocks: number
  blockVariance: number
}

/** Values of a block. */
const BLOCK = 25

/** Values after which old ones begin to fade. */
const MEMORY = 4000
/** A deviation counts for learning at most this many standard deviations. */
const LEARN_CLIP = 3.5
/** An hour's offset is trusted in full once it has many more values than this. */
const HOUR_TRUST = 60

export function newBaseline(): BaselineState {
  return {
    count: 0,
    mean: 0,
    variance: 0,
    covariance: 0,
    previous: 0,
    hourOffset: new Array(24).fill(0),
    hourCount: new Array(24).fill(0),
    blockCount: 0,
    blockSum: 0,
    blocks: 0,
    blockVariance: 0,
  }
}

function hourOf(time: number): number {
  return Math.floor(time / 3_600_000) % 24
}

/** What the baseline expects at `time` (ms since the epoch): its mean, moved by what that hour of the day usually differs. */
export function expectedAt(state: BaselineState, time: number): number {
  const hour = hourOf(time)
  const n = state.hourCount[hour]!
  return state.mean + (state.hourOffset[hour]! * n) / (n + HOUR_TRUST)
}

/** Spread for judging one value: grown while few values are known, and by autocorrelation (neighbours that agree are less evidence). */
export function spread(state: BaselineState, floor: number): number {
  const n = Math.max(1, state.count)
  const variance = Math.max(state.variance, floor * floor)
  const rho = state.variance > 0 ? Math.min(0.97, Math.max(0, state.covariance / state.variance)) : 0
  const known = 1 + 12 / n
  return Math.sqrt(variance * ((1 + rho) / (1 - rho)) * known)
}

/**
 * How far the level itself wanders: the deviation of block means beyond what single values explain.
 * A provider that is a little slower for an hour is no news.
 */
export function wander(state: BaselineState): number {
  return state.blocks < 4 ? 0 : Math.sqrt(Math.max(0, state.blockVariance - state.variance / BLOCK))
}

/** Takes a value into account for {@link wander}: also one that is not learned from. */
export function follow(state: BaselineState, value: number, time: number): void {
  state.blockSum += value - expectedAt(state, time)
  if (++state.blockCount < BLOCK) return
  const limit = 1.5 * Math.sqrt(state.variance)
  const mean = Math.max(-limit, Math.min(limit, state.blockSum / BLOCK))
  state.blocks++
  state.blockVariance += (mean * mean - state.blockVariance) / Math.min(state.blocks, 150)
  state.blockCount = 0
  state.blockSum = 0
}

/** Learns one value. */
export function learn(state: BaselineState, value: number, time: number): void {
  state.count++
  if (state.count === 1) {
    state.mean = value
    state.variance = 0
    state.previous = 0
    return
  }
  const rate = 1 / Math.min(state.count, MEMORY)
  let deviation = value - expectedAt(state, time)
  if (state.count > 20) {
    const limit = LEARN_CLIP * Math.sqrt(state.variance) + 1e-12
    deviation = Math.max(-limit, Math.min(limit, deviation))
  }
  state.mean += rate * deviation
  state.variance += rate * (deviation * deviation * (1 - rate) - state.variance)
  state.covariance += rate * (deviation * state.previous - state.covariance)
  state.previous = deviation
  const hour = hourOf(time)
  const n = ++state.hourCount[hour]!
  state.hourOffset[hour]! +=
    (deviation + (expectedAt(state, time) - state.mean) - state.hourOffset[hour]!) / Math.min(n, 400)
}

/**
 * Moves the mean to a new level and keeps the spread: what an hour of a new level is good for.
 * @param known values that the new level was taken of: the fewer, the faster it still adapts
 */
export function moved(state: BaselineState, mean: number, known: number): BaselineState {
  const { hourOffset, hourCount } = state
  return {
    ...state,
    mean,
    count: Math.min(state.count, known),
    hourOffset: hourOffset.slice(),
    hourCount: hourCount.slice(),
  }
}
