import { performance } from 'node:perf_hooks'
import {
  FleetWatch,
  isolationForestDetector,
  newNoveltyDetector,
  nextRandom,
  updateNovelty,
} from '../../packages/detectors/src/index.ts'
import { generateOffice } from './office-generator.ts'
import { observationOf } from './watchers.ts'

/** What watching costs, beside what it finds. */
export interface WatchCost {
  /** Median and highest time of one span with everything on, microseconds. */
  medianSpanUs: number
  p999SpanUs: number
  /** Saved state for each watched series of an agent, bytes: an upper bound of what it keeps. */
  stateBytesPerSeries: number
  stateBytesPerNoveltySeries: number
  /** Longest single update of the isolation forest over 20,000 values, in which it is retrained 19 times, ms; median of 5 runs. */
  longestForestUpdateMs: number
}

export function measureCost(): WatchCost {
  const { spans } = generateOffice(5)
  const watch = new FleetWatch({ detected: () => {}, ended: () => {} })
  const times: number[] = []
  for (const span of spans) {
    const observation = observationOf(span)
    const started = performance.now()
    watch.observe(observation)
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const saved: { agents: [string, { shifts: object; shares: object }][] } = JSON.parse(watch.save())
  const series = saved.agents.reduce((n, [, a]) => n + Object.keys(a.shifts).length + Object.keys(a.shares).length, 0)
  return {
    medianSpanUs: round(times[times.length >> 1]! * 1000),
    p999SpanUs: round(times[Math.floor(times.length * 0.999)]! * 1000),
    stateBytesPerSeries: Math.round(watch.save().length / series),
    stateBytesPerNoveltySeries: noveltyBytes(),
    longestForestUpdateMs: round([1, 2, 3, 4, 5].map(longestForestUpdate).toSorted((a, b) => a - b)[2]!),
  }
}

function noveltyBytes(): number {
  const state = newNoveltyDetector()
  const random = { seed: 1 }
  for (let i = 0; i < 20_000; i++) updateNovelty(state, nextRandom(random), i * 60_000)
  // Kept as doubles: eight bytes a number, whatever their text is.
  return 8 * JSON.stringify(state).split(',').length
}

function longestForestUpdate(seed: number): number {
  const detector = isolationForestDetector({ seed })
  const state = detector.create()
  const random = { seed }
  let longest = 0
  for (let i = 0; i < 20_000; i++) {
    const started = performance.now()
    detector.update(state, nextRandom(random), i)
    if (i > 1000) longest = Math.max(longest, performance.now() - started)
  }
  return longest
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
