import { join } from 'node:path'
import {
  adaptivePercentileDetector,
  isolationForestDetector,
  newNoveltyDetector,
  nextRandom,
  updateNovelty,
  zScoreDetector,
  type Detector,
} from '../../packages/detectors/src/index.ts'
import { loadNabScorer, sharedFolder, type NabSeries } from './shared-data.ts'

type Profile = 'standard' | 'low_FP' | 'low_FN'
const PROFILES: Profile[] = ['standard', 'low_FP', 'low_FN']

export interface NabScore {
  detector: string
  /** Mean and standard deviation over the half-splits, by profile. */
  mean: Record<Profile, number>
  deviation: Record<Profile, number>
  microsecondsPerValue: number
}

/** Scores of a whole series, one value after the other. */
type Run = (series: NabSeries) => Float64Array

function plain<S>(detector: Detector<S>): Run {
  return (series) => {
    const state = detector.create()
    return Float64Array.from(series.v, (value, i) => detector.update(state, value, series.ts[i]! * 1000)?.score ?? 0)
  }
}

function novelty(known: boolean): Run {
  return (series) => {
    const state = newNoveltyDetector(known ? { lowest: series.min, highest: series.max } : {})
    return Float64Array.from(series.v, (value, i) => updateNovelty(state, value, series.ts[i]! * 1000))
  }
}

const runs: Record<string, Run> = {
  'agentel novelty, range not known': novelty(false),
  'agentel novelty, range known': novelty(true),
  'z-score (3 sigma, window 100)': plain(zScoreDetector()),
  'isolation forest (window 100, retrained every 1000)': plain(isolationForestDetector()),
  'adaptive percentile (95 of 1000)': plain(adaptivePercentileDetector()),
}

/** Random halves of the series, the same for every detector. */
function halves(count: number, splits: number): [number[], number[]][] {
  const random = { seed: 12_345 }
  return Array.from({ length: splits }, () => {
    const order = Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(nextRandom(random) * (i + 1))
      const swap = order[i]!
      order[i] = order[j]!
      order[j] = swap
    }
    return [order.slice(0, count >> 1), order.slice(count >> 1)]
  })
}

/** Thresholds from one half, scored on the other, both ways, for every split. No other parameter is fitted at all. */
export async function scoreNab(splits = 20): Promise<NabScore[]> {
  const { loadCorpus, score, thrOf } = await loadNabScorer()
  const files = loadCorpus(join(sharedFolder, 'data/nab-half-a'))
  const plan = halves(files.length, splits).flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ])
  return Object.entries(runs).map(([detector, run]) => {
    const started = process.cpuUsage()
    const scores = files.map(run)
    const used = process.cpuUsage(started)
    const values = files.reduce((sum, file) => sum + file.n, 0)
    const got: Record<Profile, number[]> = { standard: [], low_FP: [], low_FN: [] }
    for (const [train, test] of plan) {
      const of = (half: number[]) => half.map((i) => files[i]!)
      const result = score(of(test!), scores, thrOf(score(of(train!), scores)))
      for (const profile of PROFILES) got[profile].push(result[profile]!.norm)
    }
    return {
      detector,
      mean: byProfile((p) => mean(got[p])),
      deviation: byProfile((p) => deviation(got[p])),
      microsecondsPerValue: Math.round(((used.user + used.system) / values) * 100) / 100,
    }
  })
}

function byProfile(value: (profile: Profile) => number): Record<Profile, number> {
  return Object.fromEntries(PROFILES.map((p) => [p, Math.round(value(p) * 10) / 10])) as Record<Profile, number>
}

function mean(values: number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length
}

function deviation(values: number[]): number {
  const m = mean(values)
  return Math.sqrt(mean(values.map((v) => (v - m) ** 2)))
}
