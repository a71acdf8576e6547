import { bisectLeft } from 'd3-array'

/**
 * Everything a series has ever been, in bounded memory: sorted values with the number of times each was seen.
 * Windows forget, and then alarm again at what was there before; this does not.
 */
export interface NoveltyMemory {
  /** Sorted. */
  values: number[]
  counts: number[]
  seen: number
}

export interface Novelty {
  /** Distance to the nearest value ever seen. */
  nearest: number
  /** Distance within which the twenty nearest lie: how sparse it is around here anyway. */
  neighbourhood: number
  /** Range of all that has been seen. */
  range: number
}

/** Values kept; beyond it the two that lie closest become one. */
const CAPACITY = 1024
const NEIGHBOURS = 20

export function newNoveltyMemory(): NoveltyMemory {
  return { values: [], counts: [], seen: 0 }
}

/** How far a value is from all that was seen; undefined before the first values. */
export function noveltyOf(memory: NoveltyMemory, value: number): Novelty | undefined {
  const { values, counts } = memory
  if (memory.seen < 5) return undefined
  let right = bisectLeft(values, value)
  let left = right - 1
  let nearest = Number.POSITIVE_INFINITY
  let neighbourhood = 0
  for (let met = 0; met < NEIGHBOURS && (left >= 0 || right < values.length);) {
    const toLeft = left >= 0 ? value - values[left]! : Number.POSITIVE_INFINITY
    const toRight = right < values.length ? values[right]! - value : Number.POSITIVE_INFINITY
    neighbourhood = Math.min(toLeft, toRight)
    nearest = Math.min(nearest, neighbourhood)
    met += toLeft < toRight ? counts[left--]! : counts[right++]!
  }
  return { nearest, neighbourhood, range: values.at(-1)! - values[0]! }
}

/** Remembers a value. */
export function remember(memory: NoveltyMemory, value: number): void {
  const { values, counts } = memory
  memory.seen++
  const at = bisectLeft(values, value)
  if (values[at] === value) {
    counts[at]!++
    return
  }
  values.splice(at, 0, value)
  counts.splice(at, 0, 1)
  if (values.length > CAPACITY) thin(memory)
}

/** Merges the closest neighbours until a quarter of the room is free again. The outermost values stay. */
function thin(memory: NoveltyMemory): void {
  const { values, counts } = memory
  const gaps = values.slice(1).map((value, i) => value - values[i]!)
  const limit = gaps.toSorted((a, b) => a - b)[CAPACITY >> 2]!
  const keptValues: number[] = []
  const keptCounts: number[] = []
  values.forEach((value, i) => {
    const last = keptValues.length - 1
    const mergeable = last > 0 && i < values.length - 1 && value - keptValues[last]! <= limit
    if (mergeable) keptCounts[last]! += counts[i]!
    else {
      keptValues.push(value)
      keptCounts.push(counts[i]!)
    }
  })
  memory.values = keptValues
  memory.counts = keptCounts
}
