import { projectSpend } from '@agentel/prices'
import { ATTR_AGENTEL_COST_AMOUNT } from '@agentel/semconv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectionOf } from '../src/query/projection.ts'
import { BASE, spanId } from './otlp-json.ts'
import { CHAT, openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

const HOUR = 3_600_000
const QUARTER = HOUR / 4

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

/** A call of so many dollars, so many milliseconds before the end. */
const call = (n: number, end: number, before: number, costs: number) =>
  traces([
    {
      traceId: n.toString(16).padStart(32, 'e'),
      spanId: spanId(n),
      start: end - before - BASE,
      attributes: { ...CHAT, [ATTR_AGENTEL_COST_AMOUNT]: costs },
    },
  ])

describe('the projection of spend', () => {
  it('follows the whole hours of the last week from the first spend on, empty ones included, without the present one', () => {
    const now = Math.floor(Date.now() / HOUR) * HOUR + HOUR / 2
    const spent = [1, 2, 0, 4]
    fixture.run((store, read) => {
      const whole = Math.floor(now / HOUR) * HOUR
      store.ingest([
        ...spent.flatMap((costs, i) => (costs === 0 ? [] : [call(i + 1, whole, (4 - i) * HOUR - 1000, costs)])),
        call(9, now, 1000, 500),
        call(10, now, 200 * HOUR, 700),
      ])
      settle(store)
      const buckets = spent.map((amount, i) => ({ start: whole - (4 - i) * HOUR, amount }))
      const expected = { ...projectSpend(buckets)!, from: buckets[0]!.start }
      expect(read((reader) => projectionOf(reader, null, now))).toEqual(expected)
      expect(read((reader) => projectionOf(reader, 'desk', now))).toEqual(expected)
      expect(read((reader) => projectionOf(reader, 'another', now))).toBeNull()
      expect(expected.hour.low).toBeLessThan(expected.hour.expected)
    })
  })

  it('follows quarters of an hour where there are not three hours yet', () => {
    const now = Math.floor(Date.now() / HOUR) * HOUR + HOUR - 1
    fixture.run((store, read) => {
      const whole = Math.floor(now / QUARTER) * QUARTER
      store.ingest([1, 2, 3].map((costs, i) => call(i + 1, whole, (3 - i) * QUARTER - 1000, costs)))
      settle(store)
      const buckets = [1, 2, 3].map((amount, i) => ({ start: whole - (3 - i) * QUARTER, amount }))
      const expected = { ...projectSpend(buckets, QUARTER)!, from: buckets[0]!.start }
      expect(read((reader) => projectionOf(reader, null, now))).toEqual(expected)
      // A straight line: the next four quarters.
      expect(expected.hour).toEqual({ expected: 22, low: 22, high: 22 })
    })
  })
})
