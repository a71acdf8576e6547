import type { Distribution, Sample, Series, TimeSeries } from '@agentel/alerts'
import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import type { MetricKind } from '../api/contract.ts'
import type { Cells, Reader } from '../query/reader.ts'
import { METRIC_KINDS, type PointDetail } from '../store/metric-writer.ts'

/** Series of one metric that rules look at; more are left out, so that an evaluation stays short. */
const MAX_SERIES = 10_000
const MAX_POINTS = 2000
const DELTA = 1

interface Metric {
  readonly id: number
  readonly kind: MetricKind
  readonly delta: boolean
  readonly monotonic: boolean
}

interface StoredPoint {
  readonly time: number
  readonly start: number
  readonly value: number | Distribution
}

function metricsOf(reader: Reader, name: string): Metric[] {
  return reader
    .rows('SELECT id, kind, temporality, monotonic FROM metrics WHERE name = ?', name)
    .map(([id, kind, temporality, monotonic]) => ({
      id: Number(id),
      kind: METRIC_KINDS[Number(kind)]?.[0] ?? 'gauge',
      delta: temporality === DELTA,
      monotonic: monotonic === 1,
    }))
    .filter(({ kind }) => kind === 'gauge' || kind === 'sum' || kind === 'histogram')
}

function seriesKind({ kind, monotonic }: Metric): Series['kind'] {
  if (kind === 'histogram') return 'distribution'
  return kind === 'sum' && monotonic ? 'counter' : 'gauge'
}

function pointOf([time, start, value, count, detail]: Cells, kind: MetricKind): StoredPoint | undefined {
  const at = { time: Number(time) / 1000, start: Number(start) / 1000 }
  if (kind !== 'histogram') return value === null ? undefined : { ...at, value: Number(value) }
  const { bounds = [], counts = [] } = (typeof detail === 'string' ? JSON.parse(detail) : {}) as PointDetail
  return { ...at, value: { count: Number(count ?? 0), sum: Number(value ?? 0), bounds, counts } }
}

function add(total: number | Distribution, value: number | Distribution): number | Distribution {
  if (typeof total === 'number' || typeof value === 'number') return Number(total) + Number(value)
  if (total.bounds.length !== value.bounds.length) return value
  return {
    count: total.count + value.count,
    sum: total.sum + value.sum,
    bounds: value.bounds,
    counts: value.counts.map((count, index) => count + (total.counts[index] ?? 0)),
  }
}

/** Points that say what was added, as running totals. */
function running(points: readonly StoredPoint[]): StoredPoint[] {
  let total: number | Distribution | undefined
  return points.map((point) => {
    total = total === undefined ? point.value : add(total, point.value)
    return { ...point, value: total }
  })
}

function pointsOf(reader: Reader, series: number, metric: Metric, [from, to]: readonly [number, number]) {
  const columns = 'time, start, value, count, detail'
  const inside = reader
    .rows(
      `SELECT ${columns} FROM points WHERE series = ? AND time >= ? AND time <= ? ORDER BY time DESC LIMIT ${MAX_POINTS}`,
      series,
      from,
      to,
    )
    .toReversed()
  const wantsBefore = inside.length > 0 && !metric.delta && seriesKind(metric) !== 'gauge'
  const before = wantsBefore
    ? reader.row(
        `SELECT ${columns} FROM points WHERE series = ? AND time < ? ORDER BY time DESC LIMIT 1`,
        series,
        Number(inside[0]![0]),
      )
    : undefined
  const cells = before === undefined ? inside : [before, ...inside]
  const points = cells.flatMap((row) => pointOf(row, metric.kind) ?? [])
  return metric.delta ? running(points) : points
}

function labelsOf(reader: Reader, attributes: unknown, service: number): Record<string, string> {
  const name = reader.text(service)
  const own = Object.entries(JSON.parse(String(attributes)) as Record<string, unknown>)
  return {
    ...(name === '' ? {} : { [ATTR_SERVICE_NAME]: name }),
    ...Object.fromEntries(own.map(([key, value]) => [key, String(value)])),
  }
}

function seriesOf(reader: Reader, metric: Metric, window: readonly [number, number]): Series[] {
  const found = reader.rows(
    `SELECT s.id, s.attributes, s.service FROM series s WHERE s.metric = ?
      AND EXISTS(SELECT 1 FROM points p WHERE p.series = s.id AND p.time >= ? AND p.time <= ?) LIMIT ${MAX_SERIES}`,
    metric.id,
    ...window,
  )
  return found.flatMap(([id, attributes, service]) => {
    const points = pointsOf(reader, Number(id), metric, window)
    if (points.length === 0) return []
    // A total of differences begins within the window, and counts from 0.
    const start = metric.delta ? window[0] / 1000 : points[0]!.start
    const samples = points.map(({ time, value }): Sample<number | Distribution> => ({ time, value }))
    const kind = seriesKind(metric)
    return { kind, labels: labelsOf(reader, attributes, Number(service)), start, points: samples } as Series
  })
}

/** The metrics of everything that the console has received, as alert rules look at them; `service.name` is a label. */
export function storeSeries(reader: Reader): TimeSeries {
  return {
    samples: (metric, from, to) =>
      metricsOf(reader, metric).flatMap((one) =>
        seriesOf(reader, one, [Math.round(from * 1000), Math.round(to * 1000)]),
      ),
  }
}
