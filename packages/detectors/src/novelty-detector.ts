import { newMovingMean, updateMovingMean, type MovingMean } from './moving-mean.ts'
import { newNoveltyMemory, noveltyOf, remember, type NoveltyMemory } from './novelty-memory.ts'
import { newSeasonalProfile, updateSeasonal, type SeasonalProfile } from './seasonal-profile.ts'

/**
 * For one series of numbers: has it ever been like this? Three views of every value: the value itself,
 * what it differs from its usual day (an hour's mean) and from its usual week (six hours' mean). A view's
 * novelty is the distance to all that was seen in it, relative to the range seen; the clock's views count by the square
 * of the share of variance that the clock explains. After a peak the detector rests.
 */
export interface NoveltyDetectorState {
  lowest: number | null
  highest: number | null
  views: { memory: NoveltyMemory; profile: SeasonalProfile | null; smooth: MovingMean | null }[]
  peak: number
  peakAt: number
}

const HOUR = 3_600_000
const REST = 10 * HOUR

/** A detector that has seen nothing. If the range of the values is known it can be given; else the range seen counts. */
export function newNoveltyDetector(range: { lowest?: number; highest?: number } = {}): NoveltyDetectorState {
  return {
    // JSON has no infinities: null is "nothing seen yet".
    lowest: range.lowest ?? null,
    highest: range.highest ?? null,
    views: [
      { memory: newNoveltyMemory(), profile: null, smooth: null },
      { memory: newNoveltyMemory(), profile: newSeasonalProfile(24 * HOUR, 48, 0.25), smooth: newMovingMean(HOUR) },
      {
        memory: newNoveltyMemory(),
        profile: newSeasonalProfile(168 * HOUR, 168, 0.3),
        smooth: newMovingMean(6 * HOUR),
      },
    ],
    peak: 0,
    peakAt: 0,
  }
}

/**
 * Feeds one value; returns how new it is: 0 nothing, 1 about as far outside of all that was seen as that is wide, up to 3.
 * @param time ms since the epoch
 */
export function updateNovelty(state: NoveltyDetectorState, value: number, time: number): number {
  const range = state.highest === null || state.lowest === null ? 0 : state.highest - state.lowest
  let score = 0
  for (const view of state.views) {
    const seasonal = view.profile ? updateSeasonal(view.profile, value, time) : { residual: value, explained: 1 }
    const seen = view.smooth ? updateMovingMean(view.smooth, seasonal.residual, time) : seasonal.residual
    const novelty = noveltyOf(view.memory, seen)
    remember(view.memory, seen)
    if (!novelty || novelty.nearest <= 0 || range <= 0) continue
    const distance = novelty.nearest / (novelty.nearest + range)
    score += distance * Math.sqrt(novelty.nearest / novelty.neighbourhood) * seasonal.explained ** 2
  }
  state.lowest = Math.min(state.lowest ?? value, value)
  state.highest = Math.max(state.highest ?? value, value)
  const resting = state.peak * Math.exp(-(time - state.peakAt) / REST)
  if (score <= resting) return 0
  state.peak = score
  state.peakAt = time
  return score - resting
}
