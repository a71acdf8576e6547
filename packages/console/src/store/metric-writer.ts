import { createHash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { MetricKind } from '../api/contract.ts'
import { plainAttributes, serviceOf } from '../otlp/attributes.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { METRICS } from '../otlp/messages.ts'
import type { Dictionary } from './dictionary.ts'

/** Kinds by their number in the store, with the field of Metric that holds each. Only ever append. */
export const METRIC_KINDS: readonly (readonly [kind: MetricKind, field: string])[] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponential_histogram', 'exponentialHistogram'],
  ['summary', 'summary'],
]

const MAX_CACHED = 50_000

/** Writes metric points inside the caller's transaction; returns how many. A point that is there already is not written again. */
export interface MetricWriter {
  write(body: Buffer): number
  clear(): void
}

/** What a histogram or summary point keeps beside count and sum; absent fields are left out. */
export interface PointDetail {
  readonly bounds?: readonly number[]
  readonly counts?: readonly number[]
  readonly scale?: number
  readonly zero?: number
  readonly positive?: { readonly offset: number; readonly counts: readonly number[] }
  readonly negative?: { readonly offset: number; readonly counts: readonly number[] }
  readonly quantiles?: readonly (readonly [q: number, value: number])[]
  readonly min?: number
  readonly max?: number
}

interface Context {
  readonly dictionary: Dictionary
  readonly findMetric: StatementSync
  readonly addMetric: StatementSync
  readonly seeMetric: StatementSync
  readonly findSeries: StatementSync
  readonly addSeries: StatementSync
  readonly addPoint: StatementSync
  readonly metrics: Map<string, number>
  readonly series: Map<string, number>
}

function numbers(list: unknown): number[] {
  return Array.isArray(list) ? list.map(Number) : []
}

function buckets(value: unknown): { offset: number; counts: number[] } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { offset, bucketCounts } = value as OtlpObject
  return { offset: Number(offset ?? 0), counts: numbers(bucketCounts) }
}

function detailOf(point: OtlpObject, kind: MetricKind): PointDetail | null {
  const range = {
    ...(point.min === undefined ? {} : { min: Number(point.min) }),
    ...(point.max === undefined ? {} : { max: Number(point.max) }),
  }
  if (kind === 'histogram') {
    return { bounds: numbers(point.explicitBounds), counts: numbers(point.bucketCounts), ...range }
  }
  if (kind === 'exponential_histogram') {
    const positive = buckets(point.positive)
    const negative = buckets(point.negative)
    return {
      scale: Number(point.scale ?? 0),
      zero: Number(point.zeroCount ?? 0),
      ...(positive === undefined ? {} : { positive }),
      ...(negative === undefined ? {} : { negative }),
      ...range,
    }
  }
  if (kind !== 'summary') return null
  const quantiles = ((point.quantileValues ?? []) as OtlpObject[]).map(
    (q) => [Number(q.quantile ?? 0), Number(q.value ?? 0)] as const,
  )
  return { quantiles }
}

function valueOf(point: OtlpObject): number | null {
  const value = point.asDouble ?? point.asInt ?? point.sum
  const number = value === undefined ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : null
}

function micros(nanos: unknown): number {
  return Math.min(2 ** 52, Math.round(Number(nanos ?? 0) / 1000))
}

function metricId(c: Context, metric: OtlpObject, kind: number, data: OtlpObject): number {
  const fields = [String(metric.name ?? ''), kind, String(metric.unit ?? '')] as const
  const temporality = Number(data.aggregationTemporality ?? 0)
  const monotonic = data.isMonotonic === true ? 1 : 0
  const key = JSON.stringify([...fields, temporality, monotonic])
  const known = c.metrics.get(key)
  if (known !== undefined) return known
  const found = c.findMetric.get(...fields, temporality, monotonic)
  const description = String(metric.description ?? '')
  const id = Number(found?.id ?? c.addMetric.run(...fields, description, monotonic, temporality).lastInsertRowid)
  c.metrics.set(key, id)
  return id
}

function seriesId(c: Context, metric: number, service: number, attributes: unknown): number {
  const map = plainAttributes(attributes as OtlpObject[])
  const sorted = JSON.stringify(Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1))))
  const key = `${metric} ${service} ${sorted}`
  const known = c.series.get(key)
  if (known !== undefined) return known
  const hash = createHash('sha256').update(key).digest().subarray(0, 16)
  const id = Number(c.findSeries.get(hash)?.id ?? c.addSeries.run(metric, hash, service, sorted).lastInsertRowid)
  if (c.series.size >= MAX_CACHED) c.series.clear()
  c.series.set(key, id)
  return id
}

function writeMetric(c: Context, metric: OtlpObject, service: number): number {
  let written = 0
  METRIC_KINDS.forEach(([kind, field], code) => {
    const data = metric[field] as OtlpObject | undefined
    if (data === undefined) return
    const id = metricId(c, metric, code, data)
    let last = 0
    for (const point of (data.dataPoints ?? []) as OtlpObject[]) {
      const time = micros(point.timeUnixNano)
      last = Math.max(last, time)
      const detail = detailOf(point, kind)
      const result = c.addPoint.run(
        seriesId(c, id, service, point.attributes),
        time,
        micros(point.startTimeUnixNano),
        valueOf(point),
        point.count === undefined ? null : Number(point.count),
        detail === null ? null : JSON.stringify(detail),
      )
      written += Number(result.changes)
    }
    c.seeMetric.run(last, id, last)
  })
  return written
}

/** Opens the metric tables for writing. */
export function openMetricWriter(db: DatabaseSync, dictionary: Dictionary): MetricWriter {
  const c: Context = {
    dictionary,
    findMetric: db.prepare(
      'SELECT id FROM metrics WHERE name = ? AND kind = ? AND unit = ? AND temporality = ? AND monotonic = ?',
    ),
    addMetric: db.prepare(`INSERT INTO metrics(name, kind, unit, description, monotonic, temporality, last)
      VALUES(?, ?, ?, ?, ?, ?, 0)`),
    seeMetric: db.prepare('UPDATE metrics SET last = ? WHERE id = ? AND last < ?'),
    findSeries: db.prepare('SELECT id FROM series WHERE hash = ?'),
    addSeries: db.prepare('INSERT INTO series(metric, hash, service, attributes) VALUES(?, ?, ?, ?)'),
    addPoint: db.prepare('INSERT OR IGNORE INTO points VALUES(?, ?, ?, ?, ?, ?)'),
    metrics: new Map(),
    series: new Map(),
  }
  return {
    write(body) {
      let written = 0
      for (const resourceMetrics of (decodeMessage(METRICS, body).resourceMetrics ?? []) as OtlpObject[]) {
        const service = c.dictionary.id(serviceOf((resourceMetrics.resource ?? {}) as OtlpObject))
        for (const scopeMetrics of (resourceMetrics.scopeMetrics ?? []) as OtlpObject[]) {
          for (const metric of (scopeMetrics.metrics ?? []) as OtlpObject[]) written += writeMetric(c, metric, service)
        }
      }
      return written
    },
    clear() {
      c.metrics.clear()
      c.series.clear()
    },
  }
}
