import { IMPORTANCE_LEVELS, importanceOf, isImportant } from '@agentel/semconv/importance'
import type { AttributeMap, MetricKind, MetricList, MetricSeriesList } from '../api/contract.ts'
import { METRIC_KINDS, type PointDetail } from '../store/metric-writer.ts'
import { BadQuery } from './bad-query.ts'
import { type Interval, intervalsOf, mergeBuckets, type Point, quantileOf } from './metric-points.ts'
import { isDistribution, summaryOf } from './metric-summary.ts'
import { choiceOf, rangeOf } from './parameters.ts'
import type { Cells, Reader } from './reader.ts'

const MAX_METRICS = 1000
const MAX_SERIES = 50
const MAX_POINTS = 2000
const TEMPORALITIES = [null, 'delta', 'cumulative'] as const

/** `GET /api/metrics` */
export function listMetrics(reader: Reader, query: URLSearchParams): MetricList {
  const pattern = query.get('pattern') ?? '*'
  const least = choiceOf(query, 'importance', IMPORTANCE_LEVELS, 'debug')
  const rows = reader.rows(
    `SELECT m.name, m.description, m.unit, m.kind, m.monotonic, m.temporality, m.last,
       (SELECT count(*) FROM series s WHERE s.metric = m.id) FROM metrics m WHERE m.name GLOB ? ORDER BY m.name LIMIT ${MAX_METRICS}`,
    pattern.replace(/[[?]/g, '[$&]'),
  )
  const important = rows.filter(([name]) => isImportant(String(name), least))
  return {
    metrics: important.map(([name, description, unit, kind, monotonic, temporality, last, series]) => ({
      name: String(name),
      importance: importanceOf(String(name)),
      description: String(description) || null,
      unit: String(unit) || null,
      kind: METRIC_KINDS[Number(kind)]?.[0] ?? 'gauge',
      monotonic: monotonic === 1,
      temporality: TEMPORALITIES[Number(temporality)] ?? null,
      series: Number(series),
      lastSeen: Number(last) / 1000,
    })),
  }
}

interface Metric {
  readonly id: number
  readonly kind: MetricKind
  readonly unit: string | null
  readonly temporality: number
  readonly monotonic: boolean
}

interface Series {
  readonly attributes: AttributeMap
  readonly service: string | null
  readonly intervals: readonly Interval[]
}

/** All of a name, the one that was last heard of first: senders may differ in kind, unit and temporality. */
function findMetrics(reader: Reader, name: string): Metric[] {
  const sql = 'SELECT id, kind, unit, temporality, monotonic FROM metrics WHERE name = ? ORDER BY last DESC'
  return reader.rows(sql, name).map(([id, kind, unit, temporality, monotonic]) => ({
    id: Number(id),
    kind: METRIC_KINDS[Number(kind)]?.[0] ?? 'gauge',
    unit: String(unit) || null,
    temporality: Number(temporality),
    monotonic: monotonic === 1,
  }))
}

function pointOf([time, start, value, count, detail]: Cells): Point {
  return {
    time: Number(time),
    start: Number(start),
    value: value === null || value === undefined ? null : Number(value),
    count: count === null || count === undefined ? null : Number(count),
    detail: typeof detail === 'string' ? (JSON.parse(detail) as PointDetail) : null,
  }
}

function intervalsIn(reader: Reader, series: number, metric: Metric, from: number, to: number): Interval[] {
  const columns = 'time, start, value, count, detail'
  const points = reader
    .rows(
      `SELECT ${columns} FROM points WHERE series = ? AND time >= ? AND time <= ? ORDER BY time DESC LIMIT ${MAX_POINTS}`,
      series,
      from,
      to,
    )
    .map(pointOf)
    .toReversed()
  const first = points[0]
  if (first === undefined) return []
  const before = reader.row(
    `SELECT ${columns} FROM points WHERE series = ? AND time < ? ORDER BY time DESC LIMIT 1`,
    series,
    first.time,
  )
  const all = before === undefined ? points : [pointOf(before), ...points]
  return intervalsOf(all, metric.kind, metric.temporality, metric.monotonic).slice(before === undefined ? 0 : 1)
}

function addUp(intervals: readonly Interval[]): Interval {
  return {
    time: intervals[0]!.time,
    value: intervals.reduce((sum, { value }) => sum + (value ?? 0), 0),
    seconds: intervals.reduce<number | null>(
      (most, { seconds }) => (seconds === null ? most : Math.max(most ?? 0, seconds)),
      null,
    ),
    count: intervals.reduce((sum, { count }) => sum + count, 0),
    min: null,
    max: null,
    buckets: mergeBuckets(intervals.map(({ buckets }) => buckets)),
  }
}

/** Sums up series that agree in the given attributes; points are joined by their second. */
function groupSeries(series: readonly Series[], by: readonly string[]): Series[] {
  const groups = new Map<string, { attributes: AttributeMap; members: Series[] }>()
  for (const one of series) {
    const attributes = Object.fromEntries(by.map((key) => [key, one.attributes[key] ?? null]))
    const key = JSON.stringify(attributes)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { attributes, members: [one] })
    else group.members.push(one)
  }
  return [...groups.values()].map(({ attributes, members }) => {
    const seconds = new Map<number, Interval[]>()
    for (const interval of members.flatMap((member) => member.intervals)) {
      const second = Math.floor(interval.time / 1e6)
      const list = seconds.get(second)
      if (list === undefined) seconds.set(second, [interval])
      else list.push(interval)
    }
    const times = [...seconds.keys()].toSorted((a, b) => a - b)
    return { attributes, service: null, intervals: times.map((second) => addUp(seconds.get(second)!)) }
  })
}

/** What a counter gained in a second of each interval. */
function ratesOf(intervals: readonly Interval[]): (number | null)[] {
  return intervals.map(({ value, seconds }) =>
    value === null || seconds === null || seconds <= 0 ? null : value / seconds,
  )
}

function columnsOf(series: Series, { kind, monotonic }: Metric): MetricSeriesList['series'][number] {
  const { attributes, service, intervals } = series
  const spread = isDistribution(kind)
  const at = (q: number) => (spread ? intervals.map(({ buckets }) => quantileOf(buckets, q)) : null)
  return {
    attributes,
    service,
    time: intervals.map(({ time }) => time / 1e3),
    value: intervals.map(({ value }) => value),
    rate: kind === 'sum' && monotonic ? ratesOf(intervals) : null,
    count: spread || kind === 'summary' ? intervals.map(({ count }) => count) : null,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  }
}

/** How much each series of a counter gained between two times (microseconds). */
export function counterIncreases(
  reader: Reader,
  name: string,
  from: number,
  to: number,
): { attributes: AttributeMap; service: string | null; increase: number }[] {
  return findMetrics(reader, name)
    .flatMap((metric) => seriesOf(reader, metric, null, from, to))
    .map(({ attributes, service, intervals }) => ({
      attributes,
      service,
      increase: intervals.reduce((sum, { value }) => sum + (value ?? 0), 0),
    }))
}

function seriesOf(reader: Reader, metric: Metric, service: string | null, from: number, to: number): Series[] {
  const found = reader.rows(
    `SELECT s.id, s.attributes, s.service FROM series s WHERE s.metric = ? ${service === null ? '' : 'AND s.service = ?'}`,
    ...(service === null ? [metric.id] : [metric.id, reader.idOf(service) ?? -1]),
  )
  return found
    .map(([id, attributes, serviceId]): Series => ({
      attributes: JSON.parse(String(attributes)) as AttributeMap,
      service: reader.text(Number(serviceId)) || null,
      intervals: intervalsIn(reader, Number(id), metric, from, to),
    }))
    .filter(({ intervals }) => intervals.length > 0)
}

/** `GET /api/metrics/series`; undefined when there is no such metric. */
export function metricSeries(reader: Reader, query: URLSearchParams): MetricSeriesList | undefined {
  const name = query.get('name')
  if (name === null) throw new BadQuery('name is missing: which metric?')
  const range = rangeOf(query)
  const [metric] = findMetrics(reader, name)
  if (metric === undefined) return undefined
  const all = seriesOf(reader, metric, query.get('service'), range.from * 1000, range.to * 1000)
  const by = query.getAll('by')
  const shown = by.length === 0 ? all : groupSeries(all, by)
  return {
    range,
    name,
    unit: metric.unit,
    kind: metric.kind,
    series: shown.slice(0, MAX_SERIES).map((series) => columnsOf(series, metric)),
    summary: summaryOf(
      all.flatMap(({ intervals }) => intervals),
      metric,
    ),
    truncated: shown.length > MAX_SERIES,
  }
}
