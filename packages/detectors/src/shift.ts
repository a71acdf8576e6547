import {
  expectedAt,
  follow as followLevel,
  learn,
  moved,
  newBaseline,
  spread,
  wander,
  type BaselineState,
} from './baseline.ts'

/** How a series is watched. All evidence is in units of the baseline's spread. */
export interface ShiftOptions {
  /** Which way is bad. */
  direction: 'up' | 'down' | 'both'
  /** Evidence at which an alarm is raised; about ln(values between false alarms). Default 16. */
  threshold?: number
  /** Smallest spread that is believed, in the units of the values. */
  floor: number
  /** Values learned before anything is judged. Default 30. */
  warmUp?: number
  /** How long a shift lasts before it is the new normal, ms. Default one hour. */
  relearnAfterMs?: number
}

/** A shift begins, or is over: back at its baseline (`recovered`), or here to stay (`relearned`). */
export type ShiftChange =
  | {
      type: 'begin'
      /** Evidence, in natural logarithms. */
      evidence: number
      /** How far the newest values are from the baseline, in spreads. */
      effect: number
      expected: number
      observed: number
    }
  | { type: 'recovered' }
  | { type: 'relearned' }

export interface ShiftState {
  baseline: BaselineState
  /** The baseline from before a shift that has lasted: the series may go back to it. */
  original: BaselineState | null
  originalSince: number
  /** Evidence of the slow and the fast watch, each way. */
  evidence: [number, number, number, number]
  /** Since when the series is away from its baseline (0: it is not), and what it was there. */
  shiftedSince: number
  shiftedCount: number
  shiftedMean: number
  /** Whether anybody was told of this shift. */
  told: boolean
  /** Newest deviations, averaged over some three values. */
  recent: number
  recentValue: number
  calm: number
  back: number
}

const HOUR = 3_600_000
const CLIP = 5
/** The slow watch looks for small lasting shifts, the fast one for large sudden ones. */
const SPEEDS = [0.45, 1.5] as const
/** Deviations of the wandering level that are allowed for, and the most that this may be, in spreads. */
const WANDER = 3
const MOST_SLACK = 1.2
/** Evidence (in natural logarithms) that the series is back where it was before a shift that was accepted. */
const RETURNED = 14
/** Evidence that a shift is over. */
const OVER = 8
/** Values that "newest" means. */
const NEWEST = 3

export function newShift(): ShiftState {
  return {
    baseline: newBaseline(),
    original: null,
    originalSince: 0,
    evidence: [0, 0, 0, 0],
    shiftedSince: 0,
    shiftedCount: 0,
    shiftedMean: 0,
    told: false,
    recent: 0,
    recentValue: 0,
    calm: 0,
    back: 0,
  }
}

/** Feeds one value; says when a shift begins and when it is over. */
export function updateShift(
  state: ShiftState,
  value: number,
  time: number,
  options: ShiftOptions,
): ShiftChange | undefined {
  if (state.baseline.count < (options.warmUp ?? 30)) {
    learn(state.baseline, value, time)
    return undefined
  }
  const expected = expectedAt(state.baseline, time)
  const sigma = spread(state.baseline, options.floor)
  const z = clip((value - expected) / sigma)
  if (state.shiftedSince === 0) followLevel(state.baseline, value, time)
  weigh(state, z, Math.min(MOST_SLACK, (WANDER * wander(state.baseline)) / sigma))
  state.recent += (z - state.recent) / NEWEST
  state.recentValue += (value - state.recentValue) / NEWEST
  if (state.original && hasReturned(state, value, time, options)) return undefined
  if (state.shiftedSince > 0) return follow(state, value, z, time, options)

  const threshold = options.threshold ?? 16
  const [slowUp, fastUp, slowDown, fastDown] = state.evidence
  const up = Math.max(slowUp, fastUp)
  const down = Math.max(slowDown, fastDown)
  const strongest = Math.max(up, down)
  if (strongest < threshold) {
    // While evidence gathers the value may belong to a shift: learning it would hide the shift.
    if (strongest < threshold / 2) learn(state.baseline, value, time)
    return undefined
  }
  const told = options.direction === 'both' || (options.direction === 'up' ? up : down) >= threshold
  beginShift(state, value, time, told)
  if (!told) return undefined
  return { type: 'begin', evidence: strongest, effect: Math.abs(state.recent), expected, observed: state.recentValue }
}

function clip(z: number): number {
  return Math.max(-CLIP, Math.min(CLIP, z))
}

/**
 * One step of a one-sided cumulative sum (Page 1954): evidence, in natural logarithms, that the mean has moved up by
 * `2 * speed` spreads. `slack` is what the level may wander of itself.
 */
export function accumulate(evidence: number, z: number, speed: number, slack = 0): number {
  return Math.max(0, evidence + 2 * speed * (z - speed - slack))
}

function weigh(state: ShiftState, z: number, slack: number): void {
  SPEEDS.forEach((speed, i) => {
    state.evidence[i] = accumulate(state.evidence[i]!, z, speed, slack)
    state.evidence[i + 2] = accumulate(state.evidence[i + 2]!, -z, speed, slack)
  })
}

function beginShift(state: ShiftState, value: number, time: number, told: boolean): void {
  state.shiftedSince = time
  state.shiftedCount = 1
  state.shiftedMean = value
  state.told = told
  state.calm = 0
}

function settle(state: ShiftState): void {
  state.shiftedSince = 0
  state.evidence = [0, 0, 0, 0]
  state.back = 0
}

/** During a shift: is it over (values look like the baseline again), or has it lasted so long that it is the new normal? */
function follow(
  state: ShiftState,
  value: number,
  z: number,
  time: number,
  options: ShiftOptions,
): ShiftChange | undefined {
  state.shiftedCount++
  state.shiftedMean += (value - state.shiftedMean) / Math.min(state.shiftedCount, 200)
  const shift = clip((state.shiftedMean - state.baseline.mean) / spread(state.baseline, options.floor))
  // Evidence for "back at the baseline" against "still at the shifted level".
  const towardsBaseline = Math.abs(shift) / 2 - Math.sign(shift || 1) * z
  state.calm = Math.max(0, state.calm + towardsBaseline * Math.max(0.4, Math.abs(shift)))
  if (state.calm > OVER) {
    settle(state)
    return state.told ? { type: 'recovered' } : undefined
  }
  if (time - state.shiftedSince < (options.relearnAfterMs ?? HOUR) || state.shiftedCount < 30) return undefined
  state.original ??= state.baseline
  state.originalSince = time
  state.baseline = moved(state.original, state.shiftedMean, state.shiftedCount)
  settle(state)
  return state.told ? { type: 'relearned' } : undefined
}

/** A lasting shift that ends: the old baseline is taken up again, and nobody is woken. */
function hasReturned(state: ShiftState, value: number, time: number, options: ShiftOptions): boolean {
  const original = state.original!
  const sigma = spread(original, options.floor)
  const toOriginal = clip((value - expectedAt(original, time)) / sigma)
  const toNew = clip((value - expectedAt(state.baseline, time)) / sigma)
  state.back = Math.max(0, state.back + (toNew * toNew - toOriginal * toOriginal) / 2)
  if (state.back > RETURNED) {
    state.baseline = original
    state.original = null
    settle(state)
    return true
  }
  if (time - state.originalSince > 24 * HOUR) state.original = null
  return false
}
