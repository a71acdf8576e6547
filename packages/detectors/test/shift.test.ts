import { expect, it } from 'vitest'
import { accumulate } from '../src/shift.ts'
import { newShift, nextRandom, updateShift, type ShiftChange, type ShiftOptions } from '../src/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const options: ShiftOptions = { direction: 'up', floor: 0.1 }

function normal(random: { seed: number }): number {
  return Math.sqrt(-2 * Math.log(1 - nextRandom(random))) * Math.cos(2 * Math.PI * nextRandom(random))
}

interface Told {
  minute: number
  change: ShiftChange
}

/** One value a minute; `level` gives the mean at each minute. */
function told(minutes: number, level: (minute: number) => number, seed: number, o: ShiftOptions = options): Told[] {
  const state = newShift()
  const random = { seed }
  const changes: Told[] = []
  for (let minute = 0; minute < minutes; minute++) {
    const change = updateShift(state, level(minute) + normal(random), minute * MINUTE, o)
    if (change) changes.push({ minute, change })
  }
  return changes
}

it('is quiet for a hundred days of noise', () => {
  const alarms = [1, 2, 3, 4, 5].flatMap((seed) => told(20 * 1440, () => 10, seed))
  expect(alarms).toEqual([])
})

it('tells of a shift of one spread within the hour, and of its end, once each', () => {
  const changes = told(6000, (m) => (m >= 3000 && m < 3050 ? 11.5 : 10), 7)
  expect(changes.map(({ change }) => change.type)).toEqual(['begin', 'recovered'])
  expect(changes[0]!.minute).toBeGreaterThan(3000)
  expect(changes[0]!.minute).toBeLessThan(3040)
  expect(changes[1]!.minute).toBeGreaterThanOrEqual(3050)
  expect(changes[1]!.minute).toBeLessThan(3075)
  const begin = changes[0]!.change
  if (begin.type !== 'begin') throw new Error('the first change is a begin')
  expect(begin.expected).toBeCloseTo(10, 0)
  expect(begin.observed).toBeGreaterThan(10.7)
  expect(begin.effect).toBeGreaterThan(0.5)
})

it('takes a shift that lasts an hour for the new normal, and is quiet about it from then on', () => {
  const changes = told(8000, (m) => (m >= 3000 ? 13 : 10), 8)
  expect(changes.map(({ change }) => change.type)).toEqual(['begin', 'relearned'])
  expect(changes[1]!.minute - changes[0]!.minute).toBe(60)
})

it('goes back to the old normal without a word when a long shift ends', () => {
  const changes = told(9000, (m) => (m >= 3000 && m < 3200 ? 13 : 10), 9)
  expect(changes.map(({ change }) => change.type)).toEqual(['begin', 'relearned'])
  const again = told(9000, (m) => ((m >= 3000 && m < 3200) || (m >= 6000 && m < 6030) ? 13 : 10), 9)
  expect(again.map(({ change }) => change.type)).toEqual(['begin', 'relearned', 'begin', 'recovered'])
})

it('says nothing of a change the good way, and something of both ways when both are asked for', () => {
  expect(told(6000, (m) => (m >= 3000 && m < 3040 ? 7 : 10), 10)).toEqual([])
  const both = told(6000, (m) => (m >= 3000 && m < 3040 ? 7 : 10), 10, { ...options, direction: 'both' })
  expect(both.map(({ change }) => change.type)).toEqual(['begin', 'recovered'])
})

it('allows for a level that wanders slowly of itself', () => {
  const wanderer = (seed: number) => {
    const random = { seed }
    let level = 10
    return () => (level += 0.015 * (10 - level) + 0.03 * normal(random) * 1.2)
  }
  const alarms = [21, 22, 23, 24].flatMap((seed) => told(10 * 1440, wanderer(seed), seed))
  expect(alarms.filter(({ change }) => change.type === 'begin').length).toBeLessThanOrEqual(1)
})

it('is not alarmed by single wild values', () => {
  const changes = told(10_000, (m) => (m % 500 === 499 ? 1000 : 10), 11)
  expect(changes).toEqual([])
})

it('accepts a new level sooner when it is told to', () => {
  const changes = told(4000, (m) => (m >= 3000 ? 13 : 10), 12, { ...options, relearnAfterMs: HOUR / 6 })
  expect(changes.map(({ change }) => change.type)).toEqual(['begin', 'relearned'])
  expect(changes[1]!.minute - changes[0]!.minute).toBeLessThanOrEqual(31)
})

it.each([
  // Threshold, shift of the mean in spreads, mean run length: Montgomery, Introduction to Statistical Quality Control, table 9.3.
  [4, 1, 8.38],
  [4, 2, 3.34],
  [5, 1, 10.4],
  [5, 2, 4.01],
])(
  "needs as many values as the tables of Page's cumulative sum say: threshold %d, shift %d",
  (threshold, shift, expected) => {
    const random = { seed: 17 }
    const runs = 20_000
    let values = 0
    for (let run = 0; run < runs; run++)
      for (let evidence = 0; evidence < threshold; values++)
        evidence = accumulate(evidence, shift + normal(random), 0.5)
    expect(Math.abs(values / runs / expected - 1)).toBeLessThan(0.02)
  },
)
