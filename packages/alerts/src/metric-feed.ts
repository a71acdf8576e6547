import { countLoss } from '@agentel/api'
import { thinned } from './thin-points.ts'
import type { Distribution, Sample, Series, TimeSeries } from './time-series.ts'

/** A data point as SDK 2 and SDK 3 hand it to an exporter. */
interface DataPointLike {
  readonly startTime: readonly [number, number]
  readonly endTime: readonly [number, number]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly value: unknown
}

interface MetricLike {
  readonly descriptor: { readonly name: string }
  readonly dataPointType: number
  readonly isMonotonic?: boolean
  readonly dataPoints: readonly DataPointLike[]
}

/** What a reader collects, as far as it is read here. */
export interface ResourceMetricsLike {
  readonly scopeMetrics: readonly { readonly metrics: readonly MetricLike[] }[]
}

/** What is kept, and how much. */
export interface MetricFeedOptions {
  /** How long points are kept, milliseconds; at least the longest window of the rules. Default one hour. */
  readonly keep?: number
  /** Series of all metrics together; default 10,000. Those beyond are dropped and counted. */
  readonly maxSeries?: number
  /** Names of the metrics that are kept; all by default. */
  readonly metrics?: ReadonlySet<string>
}

/**
 * The metrics of this process as a time series. It is a `PushMetricExporter`: hand it to a
 * `PeriodicExportingMetricReader` of SDK 2 or 3.
 */
export interface MetricFeed extends TimeSeries {
  export(metrics: ResourceMetricsLike, done: (result: { code: number }) => void): void
  selectAggregationTemporality(): 1
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
  /** Points of series that were dropped because there were too many; also in the metric `agentel.self.dropped`. */
  dropped(): number
}

interface Kept {
  readonly labels: Readonly<Record<string, string>>
  readonly kind: Series['kind']
  start: number
  points: Sample<number | Distribution>[]
}

// As in the SDK's enum DataPointType; both majors agree. Exponential histograms (1) have no fixed buckets and are left out.
const HISTOGRAM = 0
const EXPONENTIAL_HISTOGRAM = 1
const SUM = 3
/** Points of all series together: beyond, the older ones of a series are thinned out. */
const MAX_POINTS = 1_000_000

/** A feed that keeps the last points of each series. */
export function metricFeed(options: MetricFeedOptions = {}): MetricFeed {
  const { keep = 3_600_000, maxSeries = 10_000, metrics: wanted } = options
  const store = new Map<string, Map<string, Kept>>()
  let size = 0
  let dropped = 0

  const add = (metric: MetricLike, point: DataPointLike): void => {
    const value = metric.dataPointType === HISTOGRAM ? distributionOf(point.value) : point.value
    if (value === undefined || (typeof value !== 'number' && typeof value !== 'object')) return
    const labels = labelsOf(point.attributes)
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    const byLabels = store.get(metric.descriptor.name) ?? new Map<string, Kept>()
    store.set(metric.descriptor.name, byLabels)
    let kept = byLabels.get(key)
    if (kept === undefined) {
      if (size >= maxSeries) {
        dropped += 1
        countLoss('alerts.series', 1)
        return
      }
      size += 1
      kept = { labels, kind: kindOf(metric), start: millisOf(point.startTime), points: [] }
      byLabels.set(key, kept)
    }
    const time = millisOf(point.endTime)
    // After the clock was set back, what it said before is neither older than this nor ever outlived.
    while (kept.points.length > 0 && kept.points.at(-1)!.time > time) kept.points.pop()
    kept.points.push({ time, value: value as number | Distribution })
    // One point older than the window stays: it is what an increase over the whole window starts from.
    const firstInside = kept.points.findIndex((each) => each.time >= time - keep)
    if (firstInside > 1) kept.points.splice(0, firstInside - 1)
    const most = Math.floor(MAX_POINTS / size)
    if (kept.points.length > most) kept.points = thinned(kept.points, most)
  }

  return {
    export(collected, done) {
      for (const { metrics } of collected.scopeMetrics) {
        for (const metric of metrics) {
          if (wanted?.has(metric.descriptor.name) === false || metric.dataPointType === EXPONENTIAL_HISTOGRAM) continue
          for (const point of metric.dataPoints) add(metric, point)
        }
      }
      done({ code: 0 })
    },
    selectAggregationTemporality: () => 1,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    dropped: () => dropped,
    samples(metric, from, to) {
      return [...(store.get(metric)?.values() ?? [])].flatMap((kept) => {
        const inside = kept.points.filter(({ time }) => time >= from && time <= to)
        if (inside.length === 0) return []
        const before = kept.kind === 'gauge' ? undefined : kept.points.findLast(({ time }) => time < from)
        const points = before === undefined ? inside : [before, ...inside]
        return { labels: kept.labels, kind: kept.kind, start: kept.start, points } as Series
      })
    },
  }
}

function kindOf({ dataPointType, isMonotonic }: MetricLike): Series['kind'] {
  if (dataPointType === HISTOGRAM) return 'distribution'
  return dataPointType === SUM && isMonotonic === true ? 'counter' : 'gauge'
}

function distributionOf(value: unknown): Distribution | undefined {
  const { count, sum, buckets } = value as {
    count: number
    sum?: number
    buckets: { boundaries: number[]; counts: number[] }
  }
  // The SDK may reuse its arrays for the next collection.
  return { count, sum: sum ?? 0, bounds: buckets.boundaries, counts: [...buckets.counts] }
}

function labelsOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
}

function millisOf([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6
}
