import { expectedAt, learn, moved, newBaseline, spread, type BaselineState } from './baseline.ts'

/** How a series is watched. All evidence is in units of the baseline's spread. */
export interface ShiftOptions {
  /** Which way is bad. */
  direction: 'up' | 'down' | 'both'
  /** Evidence at which an alarm is raised; about ln(values between false alarms). Default 16. */
  threshold?: number
  /** Smallest spread that is believed, in the units of the values. */
  floor: number
  /** A shift of fewer spreads than this is nobody's business. Default 0.5. */
  smallest?: number
  /** Values learned before anything is judged. Default 30. */
  warmUp?: number
}

export interface ShiftAlarm {
  score: number
  expected: number
  observed: number
  direction: 'up' | 'down'
}

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
  calm: number
  back: number
}

const HOUR = 3_600_000
const CLIP = 5
/** The slow watch looks for small lasting shifts, the fast one for large sudden ones. */
const SPEEDS = [0.45, 1.5] as const

export function newShift(): ShiftState {
  return {
    baseline: newBaseline(),
    original: null,
    originalSince: 0,
    evidence: [0, 0, 0, 0],
    shiftedSince: 0,
    shiftedCount: 0,
    shiftedMean: 0,
    calm: 0,
    back: 0,
  }
}

/** Feeds one value; returns an alarm when a shift begins, nothing else ever. */
export function updateShift(
  state: ShiftState,
  value: number,
  time: number,
  options: ShiftOptions,
): ShiftAlarm | undefined {
  if (state.baseline.count < (options.warmUp ?? 30)) {
    learn(state.baseline, value, time)
    return undefined
  }
  const expected = expectedAt(state.baseline, time)
  const sigma = spread(state.baseline, options.floor)
  const z = clip((value - expected) / sigma)
  weigh(state, z)
  if (state.original) watchReturn(state, value, time, options)
  if (state.shiftedSince > 0) {
    follow(state, value, z, time, options)
    return undefined
  }
  const threshold = options.threshold ?? 16
  const [slowUp, fastUp, slowDown, fastDown] = state.evidence
  const up = Math.max(slowUp, fastUp)
  const down = Math.max(slowDown, fastDown)
  const strongest = options.direction === 'up' ? up : options.direction === 'down' ? down : Math.max(up, down)
  if (strongest < threshold) {
    // While evidence gathers the value may belong to a shift: learning it would hide the shift.
    if (Math.max(up, down) < threshold / 2) learn(state.baseline, value, time)
    else if (Math.max(up, down) >= threshold) beginShift(state, value, time)
    return undefined
  }
  beginShift(state, value, time)
  return { score: strongest, expected, observed: value, direction: strongest === up ? 'up' : 'down' }
}

function clip(z: number): number {
  return Math.max(-CLIP, Math.min(CLIP, z))
}

/** Cumulative sums, each drained by half of the shift it looks for (times two: evidence in natural logarithms). */
function weigh(state: ShiftState, z: number): void {
  SPEEDS.forEach((k, i) => {
    state.evidence[i] = Math.max(0, state.evidence[i]! + 2 * k * (z - k))
    state.evidence[i + 2] = Math.max(0, state.evidence[i + 2]! + 2 * k * (-z - k))
  })
}

function beginShift(state: ShiftState, value: number, time: number): void {
  state.shiftedSince = time
  state.shiftedCount = 1
  state.shiftedMean = value
  state.calm = 0
}

/** During a shift: is it over (values look like the baseline again), or has it lasted so long that it is the new normal? */
function follow(state: ShiftState, value: number, z: number, time: number, options: ShiftOptions): void {
  state.shiftedCount++
  state.shiftedMean += (value - state.shiftedMean) / Math.min(state.shiftedCount, 200)
  const shift = clip((state.shiftedMean - state.baseline.mean) / spread(state.baseline, options.floor))
  const half = Math.abs(shift) / 2
  // Evidence for "back at the baseline" against "still at the shifted level".
  state.calm = Math.max(0, state.calm + (half - Math.sign(shift || 1) * z) * Math.max(0.4, Math.abs(shift)))
  if (state.calm > 8) {
    state.shiftedSince = 0
    state.evidence = [0, 0, 0, 0]
    return
  }
  if (time - state.shiftedSince >= HOUR && state.shiftedCount >= 30) {
    if (!state.original) {
      state.original = state.baseline
      state.originalSince = time
    }
    state.baseline = moved(state.original, state.shiftedMean)
    state.shiftedSince = 0
    state.evidence = [0, 0, 0, 0]
    state.back = 0
  }
}

/** A lasting shift that ends: the old baseline is taken up again, and nobody is woken. */
function watchReturn(state: ShiftState, value: number, time: number, options: ShiftOptions): void {
  const original = state.original!
  const sigma = spread(original, options.floor)
  const toOriginal = clip((value - expectedAt(original, time)) / sigma)
  const toNew = clip((value - expectedAt(state.baseline, time)) / sigma)
  state.back = Math.max(0, state.back + (toNew * toNew - toOriginal * toOriginal) / 2)
  if (state.back > 8) {
    state.baseline = original
    state.original = null
    state.back = 0
    state.shiftedSince = 0
    state.evidence = [0, 0, 0, 0]
  } else if (time - state.originalSince > 24 * HOUR) state.original = null
}
