import type { Detector } from './detector.ts'
import {
  averagePathLength,
  growTree,
  isolationScore,
  pathLength,
  type IsolationForestOptions,
  type IsolationTree,
} from './isolation-forest.ts'
import type { RandomState } from './random.ts'

export interface IsolationForestDetectorOptions extends IsolationForestOptions {
  /** Values a forest is grown from. Default 100. */
  window?: number
  /** Values between two forests. Default 1000. */
  retrainEvery?: number
  /** Score from which a value is an anomaly. Default 0.6. */
  threshold?: number
  /** Share of the values a forest is grown from that is taken to be odd, 0 to 0.5; the threshold follows from it. */
  contamination?: number
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
  /** Sums of the path lengths of the sample in the trees grown so far. */
  pathSums: number[]
  /** What `contamination` makes of the threshold; null without it. */
  threshold: number | null
}

/** How a forest stands, for a summary. */
export interface IsolationForestSummary {
  trained: boolean
  /** Values it has seen. */
  samples: number
  /** How many it had seen when it was trained last. */
  lastTrainedAt: number | undefined
  contamination: number | undefined
  threshold: number
}

/** The state of a detector in figures. Give it the detector's own options. */
export function isolationForestSummary(
  state: IsolationForestState,
  { contamination, threshold = 0.6 }: IsolationForestDetectorOptions = {},
): IsolationForestSummary {
  const trained = state.trainedAt > 0
  return {
    trained,
    samples: state.seen,
    lastTrainedAt: trained ? state.trainedAt : undefined,
    contamination,
    threshold: state.threshold ?? threshold,
  }
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
      pathSums: [],
      threshold: null,
    }),
    update(state, value) {
      const score = state.forest.length > 0 ? isolationScore(state.forest, size, [value]) : undefined
      const expected =
        state.recent.length > 0 ? state.recent.reduce((sum, v) => sum + v, 0) / state.recent.length : value
      remember(state, value, window)
      train(state, { window, retrainEvery, trees, size, contamination: options.contamination })
      if (score === undefined) return undefined
      const limit = state.threshold ?? threshold
      return { score, threshold: limit, expected, anomalous: score > limit }
    },
  }
}

function remember(state: IsolationForestState, value: number, window: number): void {
  if (state.recent.length < window) state.recent.push(value)
  else state.recent[state.next] = value
  state.next = (state.next + 1) % window
  state.seen++
}

interface Training {
  window: number
  retrainEvery: number
  trees: number
  size: number
  contamination: number | undefined
}

/** Grows a tree or two, and puts the forest into use when it is whole. */
function train(state: IsolationForestState, o: Training): void {
  const due = state.trainedAt === 0 || state.seen - state.trainedAt >= o.retrainEvery
  if (state.sample === null && due && state.recent.length >= o.window) {
    state.sample = state.recent.slice()
    state.growing = []
    state.pathSums = state.sample.map(() => 0)
  }
  if (state.sample === null) return
  const points = state.sample.map((v) => [v])
  for (let i = 0; i < TREES_PER_VALUE && state.growing.length < o.trees; i++) {
    const tree = growTree(points, o.size, state.random)
    state.growing.push(tree)
    if (o.contamination !== undefined) points.forEach((point, k) => (state.pathSums[k]! += pathLength(tree, point)))
  }
  if (state.growing.length < o.trees) return
  if (o.contamination !== undefined) state.threshold = contaminationThreshold(state.pathSums, o, o.contamination)
  state.forest = state.growing
  state.growing = []
  state.sample = null
  state.trainedAt = state.seen
}

/** The score that this share of the sample exceeds. */
function contaminationThreshold(pathSums: readonly number[], o: Training, share: number): number {
  const scores = pathSums.map((sum) => 2 ** (-sum / o.trees / averagePathLength(o.size))).toSorted((a, b) => a - b)
  return scores[Math.min(scores.length - 1, Math.floor((1 - share) * scores.length))]!
}
