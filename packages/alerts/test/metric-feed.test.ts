import { describe, expect, it } from 'vitest'
import { type MetricFeed, metricFeed, type Series } from '../src/index.ts'
import { increaseOf } from '../src/time-series.ts'

/** What a reader exports of a counter, at so many seconds. */
function countAt(feed: MetricFeed, second: number, value: number, attributes: Record<string, string> = {}): void {
  const point = { startTime: [0, 0] as const, endTime: [second, 0] as const, attributes, value }
  const metric = {
    descriptor: { name: 'agentel.errors' },
    dataPointType: 3,
    isMonotonic: true,
    dataPoints: [point],
  }
  feed.export({ scopeMetrics: [{ metrics: [metric] }] }, () => {})
}

describe('a feed', () => {
  it('keeps no point of a time that is to come again, for it would keep all that come until then', () => {
    const feed = metricFeed({ keep: 10_000 })
    for (const second of [0, 5, 10_000, 10, 15]) countAt(feed, second, second)
    const times = feed.samples('agentel.errors', 0, 20_000_000)[0]?.points.map(({ time }) => time)
    expect(times).toStrictEqual([5000, 10_000, 15_000])
  })

  it('keeps few points of long ago, and the increase over any window is still right', () => {
    const feed = metricFeed({ keep: 30 * 86_400_000 })
    const others = 9999
    for (let index = 0; index < others; index++) countAt(feed, 0, 0, { index: String(index) })
    const days = 20
    const end = days * 86_400
    for (let second = 0; second <= end; second += 15) countAt(feed, second, second)
    const counted = (window: number): number => {
      const all = feed.samples('agentel.errors', (end - window) * 1000, end * 1000)
      const { points, start } = all.find(({ labels }) => labels['index'] === undefined) as Series & { kind: 'counter' }
      return increaseOf(points, (end - window) * 1000, start)
    }
    expect(feed.samples('agentel.errors', 0, end * 1000).at(-1)?.points.length).toBeLessThanOrEqual(100)
    for (const window of [60, 300, 3600, 86_400, 7 * 86_400]) {
      expect(counted(window)).toBeGreaterThanOrEqual(window - 15)
      expect(counted(window)).toBeLessThanOrEqual(window * 1.33 + 15)
    }
  })

  it('forgets what is older than it keeps, but for the point that an increase starts from', () => {
    const feed = metricFeed({ keep: 10_000 })
    for (let second = 0; second <= 60; second += 5) {
      const time: [number, number] = [second, 0]
      const point = { startTime: [0, 0] as [number, number], endTime: time, attributes: {}, value: second }
      const metric = {
        descriptor: { name: 'agentel.errors' },
        dataPointType: 3,
        isMonotonic: true,
        dataPoints: [point],
      }
      feed.export({ scopeMetrics: [{ metrics: [metric] }] }, () => {})
    }
    expect(feed.samples('agentel.errors', 0, 60_000)[0]?.points.map(({ time }) => time)).toStrictEqual([
      45_000, 50_000, 55_000, 60_000,
    ])
    expect(feed.samples('agentel.errors', 55_000, 60_000)[0]?.points.map(({ time }) => time)).toStrictEqual([
      50_000, 55_000, 60_000,
    ])
  })
})
