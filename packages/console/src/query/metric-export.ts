import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import type { AttributeMap, AttributeValue, OtlpPage } from '../api/contract.ts'
import type { OtlpObject } from '../otlp/decode.ts'
import { METRIC_KINDS, type PointDetail } from '../store/metric-writer.ts'
import { cursorOf, limitOf, rangeOf, writeCursor } from './parameters.ts'
import type { Cells, Reader } from './reader.ts'

const POINTS_A_PAGE = 500

function anyValue(value: AttributeValue): OtlpObject {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value as AttributeMap) } }
}

function keyValues(attributes: AttributeMap): OtlpObject[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

const nanos = (micros: number): string => String(BigInt(micros) * 1000n)

/** What a point of each kind holds beside its time and attributes. Numbers of 64 bits are text, as OTLP/JSON wants them. */
function detailOf(kind: string, value: number | null, count: number | null, detail: PointDetail | null): OtlpObject {
  if (detail === null) return value === null ? {} : { asDouble: value }
  const { min, max, bounds = [], counts = [], scale = 0, zero = 0, positive, negative, quantiles = [] } = detail
  const side = (name: string, buckets: PointDetail['positive']) =>
    buckets === undefined ? {} : { [name]: { offset: buckets.offset, bucketCounts: buckets.counts.map(String) } }
  const sums = {
    ...(count === null ? {} : { count: String(count) }),
    ...(value === null ? {} : { sum: value }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
  if (kind === 'histogram') return { ...sums, bucketCounts: counts.map(String), explicitBounds: [...bounds] }
  if (kind === 'summary') {
    return { ...sums, quantileValues: quantiles.map(([quantile, of]) => ({ quantile, value: of })) }
  }
  return { ...sums, scale, zeroCount: String(zero), ...side('positive', positive), ...side('negative', negative) }
}

/** Columns of a row: series, time, start, value, count, detail, attributes. */
function pointOf(kind: string, row: Cells): OtlpObject {
  const [, time, start, value, count, detail, attributes] = row
  return {
    attributes: keyValues(JSON.parse(String(attributes)) as AttributeMap),
    timeUnixNano: nanos(Number(time)),
    startTimeUnixNano: nanos(Number(start)),
    ...detailOf(
      kind,
      value as number | null,
      count as number | null,
      detail === null ? null : (JSON.parse(String(detail)) as PointDetail),
    ),
  }
}

function metricOf(reader: Reader, id: number, rows: readonly Cells[]): OtlpObject {
  const found = reader.row(
    'SELECT name, kind, unit, description, monotonic, temporality FROM metrics WHERE id = ?',
    id,
  )!
  const [name, code, unit, description, monotonic, temporality] = found
  const [kind, field] = METRIC_KINDS[Number(code)]!
  const data = {
    dataPoints: rows.map((row) => pointOf(kind, row)),
    ...(temporality === 0 ? {} : { aggregationTemporality: Number(temporality) }),
    ...(monotonic === 1 ? { isMonotonic: true } : {}),
  }
  return { name: String(name), unit: String(unit), description: String(description), [field]: data }
}

/**
 * Metric points of a window, series by series. The store keeps of a resource its `service.name` and of a scope nothing, so that
 * is what comes back; values are doubles.
 */
export function metricPage(reader: Reader, query: URLSearchParams): OtlpPage {
  const { from, to } = rangeOf(query)
  const [series = 0, after = 0] = cursorOf(query) ?? []
  const limit = limitOf(query, POINTS_A_PAGE)
  const rows = reader.rows(
    `SELECT p.series, p.time, p.start, p.value, p.count, p.detail, s.attributes, s.service, s.metric
      FROM points p CROSS JOIN series s ON s.id = p.series
      WHERE (p.series, p.time) > (?, ?) AND p.time BETWEEN ? AND ? ORDER BY p.series, p.time LIMIT ?`,
    series,
    after,
    from * 1000,
    to * 1000,
    limit,
  )
  const resourceMetrics = [...Map.groupBy(rows, (row) => Number(row[7]))].map(([service, ofService]): OtlpObject => {
    const name = reader.text(service)
    const byMetric = Map.groupBy(ofService, (row) => Number(row[8]))
    const metrics = [...byMetric].map(([id, ofMetric]) => metricOf(reader, id, ofMetric))
    const attributes = name === '' ? [] : keyValues({ [ATTR_SERVICE_NAME]: name })
    return { resource: { attributes }, scopeMetrics: [{ metrics }] }
  })
  const last = rows.length === limit ? rows.at(-1) : undefined
  return {
    otlp: { resourceMetrics },
    items: rows.length,
    nextCursor: last === undefined ? null : writeCursor(Number(last[0]), Number(last[1])),
  }
}
