import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  adaptivePercentileDetector,
  adaptiveThreshold,
  averagePathLength,
  growTree,
  isolationForestDetector,
  isolationForestSummary,
  isolationScore,
  severityOf,
  nextRandom,
  zScoreDetector,
} from '../src/index.ts'

/** Made by reference/make-reference.py with scikit-learn and numpy. */
const reference: {
  points: number[][]
  isolation_scores: number[]
  average_path_length: Record<string, number>
  series: number[]
  percentile_95: number[]
  mean: number[]
  deviation: number[]
} = JSON.parse(readFileSync(join(import.meta.dirname, 'reference/vectors.json'), 'utf8'))

it('measures path lengths by the same constant as scikit-learn', () => {
  for (const [n, expected] of Object.entries(reference.average_path_length))
    expect(averagePathLength(Number(n)), n).toBeCloseTo(expected, 6)
})

it('gives points the isolation scores that scikit-learn gives them', () => {
  const random = { seed: 5 }
  const forest = Array.from({ length: 1000 }, () => growTree(reference.points, 256, random))
  const ours = reference.points.map((point) => isolationScore(forest, 256, point))
  const differences = ours.map((score, i) => Math.abs(score - reference.isolation_scores[i]!))
  expect(Math.max(...differences)).toBeLessThan(0.03)
  expect(differences.reduce((sum, d) => sum + d, 0) / differences.length).toBeLessThan(0.008)
})

it('takes the same percentile of the last values as numpy', () => {
  const detector = adaptivePercentileDetector()
  const state = detector.create()
  reference.series.forEach((value, i) => {
    if (i >= 50) expect(adaptiveThreshold(state)).toBeCloseTo(reference.percentile_95[i - 50]!, 9)
    else expect(adaptiveThreshold(state)).toBeUndefined()
    detector.update(state, value, i)
  })
})

it('forgets values beyond the window of the percentile', () => {
  const detector = adaptivePercentileDetector({ window: 100, minimum: 10 })
  const state = detector.create()
  for (let i = 0; i < 500; i++) detector.update(state, 1000, i)
  for (let i = 0; i < 100; i++) detector.update(state, 1, i)
  expect(adaptiveThreshold(state, { window: 100, minimum: 10 })).toBe(1)
  expect(state.recent).toHaveLength(100)
  expect(state.sorted).toHaveLength(100)
})

it('calls a value odd at three standard deviations of the window, as numpy computes them', () => {
  const detector = zScoreDetector()
  reference.mean.forEach((mean, i) => {
    const deviation = reference.deviation[i]!
    const seen = () => {
      const state = detector.create()
      reference.series.slice(0, 30 + i).forEach((value, t) => detector.update(state, value, t))
      return state
    }
    const below = detector.update(seen(), mean + 2.999 * deviation, 0)!
    const above = detector.update(seen(), mean + 3.001 * deviation, 0)!
    expect(below.expected).toBeCloseTo(mean, 9)
    expect([below.anomalous, above.anomalous]).toEqual([false, true])
    expect(above.score).toBeCloseTo(0.4, 3)
  })
})

it('says nothing before it has seen enough', () => {
  const z = zScoreDetector()
  const zState = z.create()
  for (let i = 0; i < 30; i++) expect(z.update(zState, i, i)).toBeUndefined()
  expect(z.update(zState, 5, 31)).toBeDefined()
})

it('retrains the forest every thousand values, a few trees at a time', () => {
  const detector = isolationForestDetector()
  const state = detector.create()
  const trained: number[] = []
  const random = { seed: 3 }
  let most = 0
  for (let i = 0; i < 3500; i++) {
    const before = state.growing.length
    detector.update(state, nextRandom(random) + nextRandom(random) + nextRandom(random), i)
    most = Math.max(most, state.growing.length - before)
    if (state.trainedAt !== (trained.at(-1) ?? 0)) trained.push(state.trainedAt)
  }
  expect(most).toBeLessThanOrEqual(2)
  expect(trained).toEqual([149, 1198, 2247, 3296])
  expect(detector.update(state, 50, 0)!.anomalous).toBe(true)
  expect(detector.update(state, 1.5, 0)!.anomalous).toBe(false)
})

it('takes its threshold from the share of values that is taken to be odd, and says how it stands', () => {
  const options = { contamination: 0.1 }
  const detector = isolationForestDetector(options)
  const state = detector.create()
  expect(isolationForestSummary(state, options)).toEqual({
    trained: false,
    samples: 0,
    lastTrainedAt: undefined,
    contamination: 0.1,
    threshold: 0.6,
  })
  const sample = reference.series.slice(0, 100)
  for (const [i, value] of sample.entries()) detector.update(state, value, i)
  for (let i = 0; i < 49; i++) detector.update(state, 20, i)
  expect(isolationForestSummary(state, options)).toMatchObject({ trained: true, samples: 149, lastTrainedAt: 149 })
  const odd = sample.filter((value) => detector.update(structuredClone(state), value, 0)!.anomalous)
  expect(odd.length).toBeGreaterThanOrEqual(8)
  expect(odd.length).toBeLessThanOrEqual(10)
})

it('grades a score at 0.4, 0.6 and 0.8', () => {
  expect([0, 0.39, 0.4, 0.59, 0.6, 0.79, 0.8, 1].map(severityOf)).toEqual([
    'low',
    'low',
    'medium',
    'medium',
    'high',
    'high',
    'critical',
    'critical',
  ])
})

it('goes on from a saved state as if it had never stopped', () => {
  for (const detector of [zScoreDetector(), adaptivePercentileDetector(), isolationForestDetector()]) {
    const kept = detector.create()
    reference.series.forEach((value, i) => detector.update(kept as never, value, i))
    const restored = JSON.parse(JSON.stringify(kept))
    for (let i = 0; i < 300; i++) {
      const value = reference.series[i % 200]! * 1.3
      expect(detector.update(restored as never, value, i)).toEqual(detector.update(kept as never, value, i))
    }
  }
})
