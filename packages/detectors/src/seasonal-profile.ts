/**
 * What the clock explains of a series: the mean of each slot of a period, and the share of the variance
 * that these means explain. A series without a rhythm gets a weight of nought.
 */
export interface SeasonalProfile {
  readonly periodMs: number
  readonly rate: number
  means: number[]
  rounds: number[]
  slot: number
  slotSum: number
  slotCount: number
  /** Values that a known slot was there for. */
  judged: number
  mean: number
  variance: number
  residualVariance: number
}

export interface SeasonalResidual {
  residual: number
  /** Share of the variance that the profile explains, 0 to 1. */
  explained: number
}

const MEMORY = 2000

/** @param rate how fast a slot follows its newest round, after the first rounds */
export function newSeasonalProfile(periodMs: number, slots: number, rate: number): SeasonalProfile {
  return {
    periodMs,
    rate,
    means: new Array(slots).fill(0),
    rounds: new Array(slots).fill(0),
    slot: -1,
    slotSum: 0,
    slotCount: 0,
    judged: 0,
    mean: 0,
    variance: 0,
    residualVariance: 0,
  }
}

/** The value less what is usual at this time, and how much that is worth; learns from the value. */
export function updateSeasonal(state: SeasonalProfile, value: number, time: number): SeasonalResidual {
  const slots = state.means.length
  const slot = Math.floor(((time % state.periodMs) / state.periodMs) * slots)
  if (slot !== state.slot) {
    closeSlot(state)
    state.slot = slot
  }
  state.slotSum += value
  state.slotCount++
  if (state.rounds[slot]! < 2) return { residual: 0, explained: 0 }
  const residual = value - state.means[slot]!
  state.judged++
  const rate = Math.max(1 / state.judged, 1 / MEMORY)
  if (state.judged === 1) state.mean = value
  state.mean += rate * (value - state.mean)
  state.variance += rate * ((value - state.mean) ** 2 - state.variance)
  state.residualVariance += rate * (residual * residual - state.residualVariance)
  const known = state.judged > 50 && state.variance > 0
  return { residual, explained: known ? Math.max(0, 1 - state.residualVariance / state.variance) : 0 }
}

function closeSlot(state: SeasonalProfile): void {
  if (state.slot < 0 || state.slotCount === 0) return
  const round = ++state.rounds[state.slot]!
  const mean = state.slotSum / state.slotCount
  state.means[state.slot]! += Math.max(state.rate, 1 / round) * (mean - state.means[state.slot]!)
  state.slotSum = 0
  state.slotCount = 0
}
