import { expect, it } from 'vitest'
import { newShare, nextRandom, updateShare, type ShareChange } from '../src/index.ts'

const MINUTE = 60_000

function told(minutes: number, share: (minute: number) => number, seed: number) {
  const state = newShare()
  const random = { seed }
  const changes: { minute: number; change: ShareChange }[] = []
  for (let minute = 0; minute < minutes; minute++) {
    const change = updateShare(state, nextRandom(random) < share(minute), minute * MINUTE, {})
    if (change) changes.push({ minute, change })
  }
  return changes
}

it('tells of an outage within a few calls, and of its end', () => {
  const changes = told(4000, (m) => (m >= 2000 && m < 2060 ? 0.9 : 0.01), 1)
  expect(changes.map(({ change }) => change.type)).toEqual(['begin', 'recovered'])
  expect(changes[0]!.minute).toBeLessThan(2008)
  expect(changes[1]!.minute).toBeGreaterThanOrEqual(2060)
  const begin = changes[0]!.change
  if (begin.type !== 'begin') throw new Error('the first change is a begin')
  expect(begin.expected).toBeLessThan(0.02)
  expect(begin.observed).toBeGreaterThan(0.3)
})

it('is quiet about the failures that a tool has always had', () => {
  const changes = [2, 3, 4, 5, 6].flatMap((seed) => told(20_000, () => 0.08, seed))
  expect(changes).toEqual([])
})

it('finds that a share has grown to a fifth', () => {
  const changes = told(5000, (m) => (m >= 2000 ? 0.2 : 0.01), 7)
  expect(changes[0]!.change.type).toBe('begin')
  expect(changes[0]!.minute).toBeLessThan(2080)
})

it('takes a share that stays for hours as what is usual now', () => {
  const changes = told(4000, (m) => (m >= 2000 ? 0.5 : 0.01), 8)
  expect(changes.map(({ change }) => change.type)).toEqual(['begin', 'relearned'])
  expect(changes[1]!.minute - changes[0]!.minute).toBeGreaterThan(360)
})
