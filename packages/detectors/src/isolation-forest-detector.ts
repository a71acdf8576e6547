import type { Detector } from './detector.ts'
import { growTree, isolationScore, type IsolationForestOptions, type IsolationTree } from './isolation-forest.ts'
import type { RandomState } from './random.ts'

export interface IsolationForestDetectorOptions extends IsolationForestOptions {
  /** Values a forest is grown from. Default 100. */
  window?: number
  /** Values between two forests. Default 1000. */
  retrainEvery?: number
  /** Score from which a value is an anomaly. Default 0.6. */
  threshold?: number
  seed?: number
}

export interface IsolationForestState {
  recent: number[]
  next: number
  /** The forest in use; empty until the first is grown. */
  forest: IsolationTree[]
  /** The one being grown, a tree or two with each value, so that no value waits for a whole forest. */
  growing: IsolationTree[]
  sample: number[] | null
  seen: number
  /** Values seen when the forest in use was finished; 0: never. */
  trainedAt: number
  random: RandomState
}

const TREES_PER_VALUE = 2

/** Isolation forest over a sliding window of one series, retrained while values come in. */
export function isolationForestDetector(options: IsolationForestDetectorOptions = {}): Detector<IsolationForestState> {
  const { window = 100, retrainEvery = 1000, threshold = 0.6, trees = 100, sample = 256, seed = 1 } = options
  const size = Math.min(sample, window)
  return {
    name: 'isolation_forest',
    create: () => ({
      recent: [],
      next: 0,
      forest: [],
      growing: [],
      sample: null,
      seen: 0,
      trainedAt: 0,
      random: { seed },
    }),
    update(state, value) {
      const score = state.forest.length > 0 ? isolationScore(state.forest, size, [value]) : undefined
      const expected =
        state.recent.length > 0 ? state.recent.reduce((sum, v) => sum + v, 0) / state.recent.length : value
      remember(state, value, window)
      train(state, { window, retrainEvery, trees, size })
      return score === undefined ? undefined : { score, threshold, expected, anomalous: score > threshold }
    },
  }
}

function remember(state: IsolationForestState, value: number, window: number): void {
  if (state.recent.length < window) state.recent.push(value)
  else state.recent[state.next] = value
  state.next = (state.next + 1) % window
  state.seen++
}

function train(
  state: IsolationForestState,
  o: { window: number; retrainEvery: number; trees: number; size: number },
): void {
  const due = state.trainedAt === 0 || state.seen - state.trainedAt >= o.retrainEvery
  if (state.sample === null && due && state.recent.length >= o.window) {
    state.sample = state.recent.slice()
    state.growing = []
  }
  if (state.sample === null) return
  const points = state.sample.map((v) => [v])
  for (let i = 0; i < TREES_PER_VALUE && state.growing.length < o.trees; i++)
    state.growing.push(growTree(points, o.size, state.random))
  if (state.growing.length < o.trees) return
  state.forest = state.growing
  state.growing = []
  state.sample = null
  state.trainedAt = state.seen
}
