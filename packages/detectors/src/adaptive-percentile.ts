import { bisectLeft, quantileSorted } from 'd3-array'
import type { Detector } from './detector.ts'

export interface AdaptivePercentileOptions {
  /** Percentile of the window that is the threshold. Default 95. */
  percentile?: number
  /** Values remembered. Default 1000. */
  window?: number
  /** Values before there is a threshold. Default 50. */
  minimum?: number
}

export interface AdaptivePercentileState {
  recent: number[]
  next: number
  /** The same values in order. */
  sorted: number[]
}

/** A threshold that follows the values: a percentile of the last ones. Also the source of adaptive thresholds of alert rules. */
export function adaptivePercentileDetector(options: AdaptivePercentileOptions = {}): Detector<AdaptivePercentileState> {
  const { window = 1000 } = options
  return {
    name: 'adaptive_percentile',
    create: () => ({ recent: [], next: 0, sorted: [] }),
    update(state, value) {
      const limit = adaptiveThreshold(state, options)
      learn(state, value, window)
      if (limit === undefined) return undefined
      const scale = Math.abs(limit) || 1
      const beyond = Math.max(0, value - limit) / scale
      const score = value > limit ? 0.4 + 0.6 * (beyond / (1 + beyond)) : 0
      return { score, threshold: 0.4, expected: limit, anomalous: value > limit }
    },
  }
}

/** The threshold as of now, by linear interpolation between neighbours; undefined while there are too few values. */
export function adaptiveThreshold(
  state: AdaptivePercentileState,
  options: AdaptivePercentileOptions = {},
): number | undefined {
  const { percentile = 95, minimum = 50 } = options
  return state.sorted.length < minimum ? undefined : quantileSorted(state.sorted, percentile / 100)
}

function learn(state: AdaptivePercentileState, value: number, window: number): void {
  const { recent, sorted } = state
  if (recent.length < window) recent.push(value)
  else {
    sorted.splice(bisectLeft(sorted, recent[state.next]!), 1)
    recent[state.next] = value
  }
  state.next = (state.next + 1) % window
  sorted.splice(bisectLeft(sorted, value), 0, value)
}
