import { expect, it } from 'vitest'
import { createRedactor } from '../src/index.ts'
import { PIECES } from './pieces.ts'

const redactor = createRedactor()

const TOTAL = 160_000

/** Least time of a few rounds that look at {@link TOTAL} characters, in texts of `length` copies of a piece. */
function leastTime(piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length))
  let least = Infinity
  for (let round = 0; round < 3; round++) {
    const before = performance.now()
    for (let done = 0; done < TOTAL; done += length) redactor.text(text, { count: 0, rules: new Set() })
    least = Math.min(least, performance.now() - before)
  }
  return least
}

// As many characters in one text as in sixteen: that takes as long if the time is linear, 16 times as long if it is
// quadratic. Both do about the same, so that what else the machine does at the time changes little.
it.each(PIECES)('takes a time that grows as the text does for many copies of %j', (piece) => {
  let growth = Infinity
  for (let attempt = 0; attempt < 5 && growth > 6; attempt++) {
    growth = leastTime(piece, TOTAL) / Math.max(leastTime(piece, TOTAL / 16), 0.05)
  }
  expect(growth).toBeLessThanOrEqual(6)
})
