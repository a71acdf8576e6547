import type { Detector, Verdict } from './detector.ts'

export interface ZScoreOptions {
  /** Values that mean and deviation are taken of. Default 100. */
  window?: number
  /** Standard deviations from the mean that are called an anomaly. Default 3. */
  sigma?: number
  /** Values before anything is judged. Default 30. */
  warmUp?: number
}

export interface ZScoreState {
  recent: number[]
  next: number
}

/** Distance from the mean of a sliding window, in standard deviations: the textbook's detector, kept as a baseline. */
export function zScoreDetector(options: ZScoreOptions = {}): Detector<ZScoreState> {
  const { window = 100, sigma = 3, warmUp = 30 } = options
  return {
    name: 'z_score',
    create: () => ({ recent: [], next: 0 }),
    update(state, value) {
      const verdict = state.recent.length >= warmUp ? judge(state.recent, value, sigma) : undefined
      if (state.recent.length < window) state.recent.push(value)
      else state.recent[state.next] = value
      state.next = (state.next + 1) % window
      return verdict
    },
  }
}

function judge(recent: readonly number[], value: number, sigma: number): Verdict {
  const mean = recent.reduce((sum, v) => sum + v, 0) / recent.length
  const variance = recent.reduce((sum, v) => sum + (v - mean) ** 2, 0) / recent.length
  const deviation = Math.sqrt(variance)
  const z = deviation > 0 ? Math.abs(value - mean) / deviation : value === mean ? 0 : Number.POSITIVE_INFINITY
  // Scaled so that `sigma` deviations score 0.4, the lower edge of "medium".
  const score = z === Number.POSITIVE_INFINITY ? 1 : z / (z + 1.5 * sigma)
  return { score, threshold: 0.4, expected: mean, anomalous: z > sigma }
}
