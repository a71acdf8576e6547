import { expect, it } from 'vitest'
import { newNoveltyDetector, nextRandom, updateNovelty } from '../src/index.ts'

const HOUR = 3_600_000
const STEP = 5 * 60_000

/** A day's rhythm with a little noise, every five minutes. */
function rhythm(random: { seed: number }): (i: number) => number {
  return (i) => 50 + 30 * Math.sin((i * STEP * 2 * Math.PI) / (24 * HOUR)) + 2 * nextRandom(random)
}

it('scores a value that never was, and not what was there before', () => {
  const state = newNoveltyDetector()
  const value = rhythm({ seed: 1 })
  const scores = Array.from({ length: 2000 }, (_, i) => updateNovelty(state, value(i), i * STEP))
  expect(Math.max(...scores.slice(1000))).toBeLessThan(0.1)
  expect(updateNovelty(state, 160, 2000 * STEP)).toBeGreaterThan(0.3)
  for (let i = 2001; i < 2400; i++) updateNovelty(state, value(i), i * STEP)
  expect(updateNovelty(state, 160, 2400 * STEP)).toBe(0)
})

it('finds a day that does not come: each value is an old one, at the wrong time', () => {
  const state = newNoveltyDetector()
  const value = rhythm({ seed: 2 })
  const day = (24 * HOUR) / STEP
  let quiet = 0
  for (let i = 0; i < 10 * day; i++) {
    const score = updateNovelty(state, value(i), i * STEP)
    if (i > 4 * day) quiet = Math.max(quiet, score)
  }
  let flat = 0
  for (let i = 10 * day; i < 11 * day; i++) flat = Math.max(flat, updateNovelty(state, 50, i * STEP))
  expect(flat).toBeGreaterThan(3 * quiet)
})

it('rests after a peak instead of saying the same thing again', () => {
  const state = newNoveltyDetector()
  const value = rhythm({ seed: 3 })
  for (let i = 0; i < 2000; i++) updateNovelty(state, value(i), i * STEP)
  const scores = [200, 203, 206, 209].map((v, k) => updateNovelty(state, v, (2000 + k) * STEP))
  expect(scores[0]).toBeGreaterThan(0.3)
  expect(Math.max(...scores.slice(1))).toBeLessThan(scores[0]! / 10)
})

it('keeps to its memory however much it sees', () => {
  const state = newNoveltyDetector()
  const random = { seed: 4 }
  for (let i = 0; i < 60_000; i++) updateNovelty(state, nextRandom(random) * 1e6, i * STEP)
  for (const view of state.views) expect(view.memory.values.length).toBeLessThanOrEqual(1024)
  expect(JSON.stringify(state).length).toBeLessThan(128 * 1024)
})

it('goes on from a saved state as if it had never stopped', () => {
  const kept = newNoveltyDetector()
  const value = rhythm({ seed: 5 })
  for (let i = 0; i < 1500; i++) updateNovelty(kept, value(i), i * STEP)
  const restored = JSON.parse(JSON.stringify(kept))
  for (let i = 1500; i < 2500; i++) {
    const v = value(i) * (i % 97 === 0 ? 1.7 : 1)
    expect(updateNovelty(restored, v, i * STEP)).toBe(updateNovelty(kept, v, i * STEP))
  }
})
