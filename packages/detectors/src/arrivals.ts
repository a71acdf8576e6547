/**
 * When something ought to happen: a count per time of day, scaled by how busy this day is.
 * Silence and flood are judged against it with a Poisson law whose level is itself uncertain.
 */
export interface ArrivalsState {
  /** Exponentially averaged events of each slot of the day; null until that slot has been seen. */
  profile: (number | null)[]
  seen: number[]
  slot: number
  slotCount: number
  firstAt: number
  lastAt: number
  /** Gamma posterior of today's level against the profile: shape and rate. */
  shape: number
  rate: number
  /** Variance of the counts over their mean: 1 for independent events, more where one brings others. */
  dispersion: number
  slotsClosed: number
  /** The last events, newest first, each with the level known when it came. */
  recent: { time: number; shape: number; rate: number }[]
  /** While an alarm stands nothing is learned: a silence must not become usual. */
  held: boolean
}

const RECENT = 8

const SLOT = 20 * 60_000
const SLOTS = 72
const DAY = 24 * 3_600_000
/** Half-life of what is known of today's level. */
const LEVEL_HALF_LIFE = 5 * 3_600_000
const SUREST = 30

export function newArrivals(): ArrivalsState {
  return {
    profile: new Array(SLOTS).fill(null),
    seen: new Array(SLOTS).fill(0),
    slot: -1,
    slotCount: 0,
    firstAt: 0,
    lastAt: 0,
    shape: 3,
    rate: 3,
    dispersion: 1,
    slotsClosed: 0,
    recent: [],
    held: false,
  }
}

function absoluteSlot(time: number): number {
  return Math.floor(time / SLOT)
}

/** Expected events between two times by the profile alone, smoothed over neighbouring slots. */
export function expectedBetween(state: ArrivalsState, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to;) {
    const end = Math.min(to, (absoluteSlot(at) + 1) * SLOT)
    sum += (slotRate(state, absoluteSlot(at) % SLOTS) * (end - at)) / SLOT
    at = end
  }
  return sum
}

/** The lower of a slot's own count and its neighbourhood's: a nightly batch is not missed on the minute. */
function slotRate(state: ArrivalsState, slot: number): number {
  let sum = 0
  let weight = 0
  for (let d = -3; d <= 3; d++) {
    const value = state.profile[(slot + d + SLOTS) % SLOTS]
    if (value === null || value === undefined) continue
    const w = 4 - Math.abs(d)
    sum += w * value
    weight += w
  }
  if (weight === 0) return 0
  const around = sum / weight
  const own = state.profile[slot] ?? around
  return own > 2 * around ? around : own < 0.5 * around ? (own + around) / 2 : around
}

/** Closes slots that time has passed. Call with every event of the fleet, or every minute. */
export function advance(state: ArrivalsState, time: number): void {
  const now = absoluteSlot(time)
  if (state.slot < 0) {
    state.slot = now
    state.firstAt = time
    return
  }
  while (state.slot < now) {
    closeSlot(state)
    state.slot++
    state.slotCount = 0
    if (now - state.slot > 3 * SLOTS) state.slot = now
  }
}

function closeSlot(state: ArrivalsState): void {
  if (state.held) return
  const slot = state.slot % SLOTS
  const expected = slotRate(state, slot)
  learnDispersion(state, (expected * state.shape) / state.rate)
  const n = ++state.seen[slot]!
  const old = state.profile[slot]
  const rate = Math.max(0.25, 1 / n)
  state.profile[slot] = old === null || old === undefined ? state.slotCount : old + rate * (state.slotCount - old)
  const fade = Math.exp((-Math.LN2 * SLOT) / LEVEL_HALF_LIFE)
  // Fades towards a level of 1, worth three events.
  state.shape = 3 + (state.shape - 3) * fade + Math.min(state.slotCount, 1.5 * expected + 2)
  state.rate = 3 + (state.rate - 3) * fade + expected
  // However much was seen, the next hours may be another kind of day: never surer than this.
  const sure = Math.min(1, SUREST / state.shape)
  state.shape *= sure
  state.rate *= sure
}

function learnDispersion(state: ArrivalsState, expected: number): void {
  if (expected < 0.5) return
  const ratio = Math.min(20, (state.slotCount - expected) ** 2 / expected)
  state.slotsClosed++
  state.dispersion += (ratio - state.dispersion) / Math.min(state.slotsClosed + 20, 300)
}

/** One event. */
export function arrive(state: ArrivalsState, time: number): void {
  advance(state, time)
  state.slotCount++
  state.lastAt = Math.max(state.lastAt, time)
  state.recent.unshift({ time, shape: state.shape, rate: state.rate })
  if (state.recent.length > RECENT) state.recent.pop()
}

/** True once enough of a day has been seen to say when something ought to happen. */
function profileKnown(state: ArrivalsState, time: number): boolean {
  return state.recent.length > 0 && time - state.firstAt >= (DAY * 2) / 3
}

/**
 * How surprising it is that so little has happened lately: -ln of the probability of at most the j events seen
 * since the j-th last one, the worst j of the last eight. With the number that was expected since then.
 */
export function silence(
  state: ArrivalsState,
  time: number,
): { score: number; expected: number; observed: number; since: number } {
  let worst = { score: 0, expected: 0, observed: 0, since: time }
  if (!profileKnown(state, time)) return worst
  state.recent.forEach((event, j) => {
    const lambda = expectedBetween(state, event.time, time)
    const score = -logAtMost(j, event.shape, event.rate, lambda) / Math.sqrt(Math.max(1, state.dispersion))
    if (score > worst.score)
      worst = { score, expected: (lambda * event.shape) / event.rate, observed: j, since: event.time }
  })
  return worst
}

/** ln P(X <= k) of the negative binomial law that a Poisson law with a gamma level gives. */
export function logAtMost(k: number, shape: number, rate: number, lambda: number): number {
  const p = lambda / (rate + lambda)
  let term = shape * Math.log(1 - p)
  let sum = Math.exp(term)
  for (let i = 1; i <= k; i++) {
    term += Math.log(((shape + i - 1) / i) * p)
    sum += Math.exp(term)
  }
  return sum > 0 ? Math.min(0, Math.log(sum)) : term
}

/** A flood is at least this many times what was expected, and at least this many events. */
const FLOOD_FACTOR = 4
const FLOOD_LEAST = 25

/** How surprising it is that so much has happened in the present slot. Zero unless it is several times what was expected. */
export function flood(state: ArrivalsState, time: number): { score: number; expected: number; observed: number } {
  const level = Math.max(1, state.shape / state.rate)
  const slot = absoluteSlot(time) % SLOTS
  const expected = Math.max(slotRate(state, slot), state.profile[slot] ?? 0) * level
  const observed = state.slotCount
  if (time - state.firstAt < DAY || observed < FLOOD_LEAST || observed < FLOOD_FACTOR * expected)
    return { score: 0, expected, observed }
  // Chernoff's bound on the tail of a Poisson law.
  const mean = Math.max(1, expected)
  return { score: observed * Math.log(observed / mean) - (observed - mean), expected, observed }
}
