import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { advance, arrive, flood, logAtMost, newArrivals, silence } from '../src/arrivals.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Made by reference/make-reference.py with scipy: k, shape, rate, expected events, ln P(X <= k). */
const reference: { negative_binomial: [number, number, number, number, number][] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'reference/vectors.json'), 'utf8'),
)

it('computes the negative binomial law as scipy does', () => {
  expect(reference.negative_binomial.length).toBe(48)
  for (const [k, shape, rate, lambda, expected] of reference.negative_binomial)
    expect(logAtMost(k, shape, rate, lambda), `${k} ${shape} ${rate} ${lambda}`).toBeCloseTo(expected, 8)
})

/** One event every two minutes by day, one an hour by night. */
function days(count: number) {
  const state = newArrivals()
  for (let minute = 0; minute < count * 1440; minute++) {
    const hour = Math.floor(minute / 60) % 24
    const isDue = hour >= 8 && hour < 20 ? minute % 2 === 0 : minute % 60 === 0
    advance(state, minute * MINUTE)
    if (isDue) arrive(state, minute * MINUTE)
  }
  return { state, now: count * 24 * HOUR }
}

it('expects nothing before most of a day is known', () => {
  const { state } = days(0.5)
  expect(silence(state, 14 * HOUR).score).toBe(0)
})

it('does not miss by night what it would miss by day', () => {
  const { state, now } = days(4)
  expect(silence(state, now + 2 * HOUR).score).toBeLessThan(12)
  for (let minute = 480; minute < 600; minute += 2) arrive(state, now + minute * MINUTE)
  const missed = silence(state, now + 11 * HOUR)
  expect(missed.score).toBeGreaterThan(12)
  expect(missed.observed).toBe(0)
  expect(missed.expected).toBeGreaterThan(20)
})

it('sees a flood in the slot in which it comes', () => {
  const { state, now } = days(3)
  advance(state, now + 10 * HOUR)
  for (let i = 0; i < 200; i++) arrive(state, now + 10 * HOUR + i * 1000)
  const found = flood(state, now + 10 * HOUR + 200_000)
  expect(found.observed).toBe(200)
  expect(found.score).toBeGreaterThan(20)
})
