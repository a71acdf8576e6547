/** What a metric's points of a window come to, of each kind, against figures worked out by hand. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { metricSeries } from '../src/query/metrics.ts'
import { timeNanos } from './otlp-json.ts'
import { bodyOf, openStoreFixture, type StoreFixture } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => void (fixture = openStoreFixture()))
afterEach(() => fixture.remove())

const DELTA = 1
const CUMULATIVE = 2
/** So many seconds ago, with what a point holds. */
const point = (ago: number, holds: object) => ({
  startTimeUnixNano: timeNanos(-100_000),
  timeUnixNano: timeNanos(-ago * 1000),
  ...holds,
})

/** Stores one metric and asks for it over the last hour. */
function answerOf(metric: object, query: Record<string, string> = {}) {
  return fixture.run((store, read) => {
    store.ingest([
      bodyOf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'x', ...metric }] }] }] }),
    ])
    return read((reader) => metricSeries(reader, new URLSearchParams({ name: 'x', ...query })))!
  })
}

const summaryOf = (metric: object, query?: Record<string, string>) => answerOf(metric, query).summary

it('of a gauge are its values, which nobody adds up', () => {
  const dataPoints = [2, 4, 4, 4, 5, 5, 7, 9].map((value, n) => point(60 - n, { asDouble: value }))
  expect(summaryOf({ gauge: { dataPoints } })).toEqual({
    count: 8,
    sum: null,
    min: 2,
    max: 9,
    mean: 5,
    median: 4,
    standardDeviation: 2,
    p90: 9,
    p95: 9,
    p99: 9,
  })
})

it('of a running counter are its gains from point to point, and their sum', () => {
  const dataPoints = [3, 5, 15].map((value, n) => point(60 - n, { asInt: String(value) }))
  expect(summaryOf({ sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } })).toEqual({
    count: 3,
    sum: 15,
    min: 2,
    max: 10,
    mean: 5,
    median: 3,
    standardDeviation: expect.closeTo(Math.sqrt(38 / 3), 12),
    p90: 10,
    p95: 10,
    p99: 10,
  })
})

it('of a sum that goes up and down are its values as they stood', () => {
  const dataPoints = [3, -1].map((value, n) => point(60 - n, { asInt: String(value) }))
  const of = { sum: { aggregationTemporality: CUMULATIVE, dataPoints } }
  expect(summaryOf(of)).toMatchObject({ count: 2, sum: null, min: -1, max: 3, mean: 1 })
})

it('of a histogram is all that it was given, with the deviation that its buckets let one estimate', () => {
  const counts = { count: '4', sum: 22, bucketCounts: ['2', '1', '1', '0'], explicitBounds: [2, 10, 20] }
  const histogram = { aggregationTemporality: DELTA, dataPoints: [point(60, counts)] }
  // Middles 1, 1, 6, 15 around the exact mean of 5.5.
  expect(summaryOf({ histogram })).toEqual({
    count: 4,
    sum: 22,
    min: 0,
    max: 20,
    mean: 5.5,
    median: 2,
    standardDeviation: Math.sqrt((2 * 4.5 ** 2 + 0.5 ** 2 + 9.5 ** 2) / 4),
    p90: expect.closeTo(16, 12),
    p95: expect.closeTo(18, 12),
    p99: expect.closeTo(19.6, 12),
  })
})

it('of a running histogram is what came since the point before', () => {
  const running = (ago: number, count: number, sum: number, bucketCounts: string[]) =>
    point(ago, { count: String(count), sum, bucketCounts, explicitBounds: [2, 10, 20] })
  const dataPoints = [running(60, 4, 22, ['2', '1', '1', '0']), running(30, 6, 34, ['2', '3', '1', '0'])]
  const histogram = { aggregationTemporality: CUMULATIVE, dataPoints }
  expect(summaryOf({ histogram })).toMatchObject({ count: 6, sum: 34, min: 0, max: 20 })
  // Of the later half minute: two values between 2 and 10.
  const from = String(Date.now() - 1_800_000 - 45_000)
  expect(summaryOf({ histogram }, { from })).toMatchObject({ count: 2, sum: 12, mean: 6, min: 2, max: 10, median: 6 })
})

it('of a histogram whose values are below 0, or beyond its last bound, stays within its bounds', () => {
  const below = { count: '2', sum: -6, bucketCounts: ['2', '0', '0'], explicitBounds: [-2, 4] }
  const beyond = { count: '2', sum: 60, bucketCounts: ['0', '0', '2'], explicitBounds: [-2, 4] }
  const ask = (ago: number, counts: object) =>
    summaryOf({ histogram: { aggregationTemporality: DELTA, dataPoints: [point(ago, counts)] } })
  expect(ask(60, below)).toMatchObject({ min: -2, max: -2, mean: -3, median: -2, standardDeviation: 1, p99: -2 })
  // The same name, so the window has both now: half of the values are below -2, half above 4.
  expect(ask(30, beyond)).toMatchObject({ count: 4, sum: 54, min: -2, max: null, mean: 13.5, median: -2, p99: 4 })
})

it('of an exponential histogram with gaps is within the buckets that hold values', () => {
  // Scale 0: powers of two. One value in (1, 2], one in (512, 1024], one in [-8, -4).
  const positive = { offset: 0, bucketCounts: ['1', ...Array.from({ length: 8 }, () => '0'), '1'] }
  const negative = { offset: 2, bucketCounts: ['1'] }
  const counts = { count: '3', sum: 995.5, scale: 0, zeroCount: '0', positive, negative }
  const exponentialHistogram = { aggregationTemporality: DELTA, dataPoints: [point(60, counts)] }
  expect(summaryOf({ exponentialHistogram })).toMatchObject({
    count: 3,
    min: -8,
    max: 1024,
    median: 1.5,
    p99: expect.closeTo(512 + 512 * 0.97, 9),
    standardDeviation: expect.closeTo(
      Math.sqrt([-6, 1.5, 768].reduce((sum, middle) => sum + (middle - 995.5 / 3) ** 2, 0) / 3),
      9,
    ),
  })
})

it('says nothing of what has no points in the window', () => {
  const gauge = { dataPoints: [point(60, { asDouble: 1 })] }
  const nothing = { count: 0, sum: null, min: null, max: null, mean: null, median: null, standardDeviation: null }
  expect(summaryOf({ gauge }, { from: '-1s' })).toMatchObject(nothing)
})

it('by an attribute is what its series have together, second by second', () => {
  const of = (route: string, instance: string, value: number) =>
    point(60, {
      asInt: String(value),
      attributes: Object.entries({ route, instance }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    })
  const dataPoints = [of('/a', '1', 3), of('/a', '2', 4), of('/b', '1', 5)]
  const { series } = answerOf(
    { sum: { aggregationTemporality: DELTA, isMonotonic: true, dataPoints } },
    { by: 'route' },
  )
  expect(series.map(({ attributes, value }) => [attributes, value])).toEqual([
    [{ route: '/a' }, [7]],
    [{ route: '/b' }, [5]],
  ])
})
