/** State of a small seeded generator (mulberry32): the same seed gives the same forest. */
export interface RandomState {
  seed: number
}

/** A number from 0 up to 1. */
export function nextRandom(state: RandomState): number {
  state.seed = (state.seed + 0x6d2b79f5) | 0
  let t = Math.imul(state.seed ^ (state.seed >>> 15), state.seed | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
