import type { OperationStats, Overview, OverviewSeries, OverviewTotals, ResolvedRange } from '../api/contract.ts'
import { NUL, ROLLUP_DIMS, SPAN_TYPES } from '../store/codes.ts'
import { BUCKETS, bucketEnd } from '../store/histogram.ts'
import { rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'
import {
  axisOf,
  bucketsOf,
  costOf,
  millisAt,
  rollupRows,
  rowsOfWindow,
  statsOf,
  sumOf,
  type Totals,
  totalsByKey,
  totalsByStep,
} from './rollup-reader.ts'
import { SUMMARY_COLUMNS, summaryOf } from './trace-summary.ts'

const MAX_ROWS = 50
const MAX_FAILED = 20
const SIZES: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000]
const HOUR = 3_600_000

type Named = { name: string } & OperationStats

/** Figures by name, the most frequent first. */
function named(byKey: ReadonlyMap<number, Totals>, nameOf: (key: number) => string): Named[] {
  return [...byKey]
    .map(([key, totals]) => ({ name: nameOf(key), ...statsOf(totals) }))
    .filter(({ name }) => name !== '')
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MAX_ROWS)
}

function totalsOf(reader: Reader, range: ResolvedRange, service: string | null): OverviewTotals {
  const buckets = bucketsOf(range)
  const spans = sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.all, buckets, service }))
  const traces = sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.trace, buckets, service }))
  const models = sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.model, buckets, service }))
  const tools = sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.tool, buckets, service }))
  const open = reader.row(
    'SELECT count(*) FROM traces WHERE status = 0 AND start >= ? AND start < ?',
    range.from * 1000,
    range.to * 1000,
  )
  const cost = costOf(spans)
  return {
    traces: traces.n,
    failedTraces: traces.errors,
    openTraces: Number(open?.[0] ?? 0),
    spans: spans.n,
    spanErrors: spans.errors,
    traceP50: millisAt(traces, 0.5),
    traceP95: millisAt(traces, 0.95),
    inputTokens: spans.inputTokens,
    outputTokens: spans.outputTokens,
    cost,
    unpriced: spans.unpriced,
    costPerHour: cost === null ? null : (cost * HOUR) / Math.max(1, range.to - range.from),
    modelCalls: models.n,
    toolCalls: tools.n,
    toolErrors: tools.errors,
  }
}

function seriesOf(reader: Reader, range: ResolvedRange, service: string | null): OverviewSeries {
  const buckets = bucketsOf(range)
  const { start, step } = axisOf(buckets)
  const traces = totalsByStep(rollupRows(reader, { dim: ROLLUP_DIMS.trace, buckets, service }), buckets)
  const spans = totalsByStep(rollupRows(reader, { dim: ROLLUP_DIMS.all, buckets, service }), buckets)
  return {
    start,
    step,
    traces: traces.map((t) => t?.n ?? 0),
    failedTraces: traces.map((t) => t?.errors ?? 0),
    traceP50: traces.map((t) => millisAt(t, 0.5)),
    traceP95: traces.map((t) => millisAt(t, 0.95)),
    spans: spans.map((t) => t?.n ?? 0),
    spanErrors: spans.map((t) => t?.errors ?? 0),
    inputTokens: spans.map((t) => t?.inputTokens ?? 0),
    outputTokens: spans.map((t) => t?.outputTokens ?? 0),
    cost: spans.map((t) => t?.cost ?? 0),
  }
}

function failedTraces(reader: Reader, range: ResolvedRange, service: string | null): Overview['failed'] {
  const ofService = service === null ? '' : ' AND t.root_service = ?'
  return reader
    .rows(
      `SELECT ${SUMMARY_COLUMNS} FROM traces t WHERE t.status = 2 AND t.start >= ? AND t.start < ?${ofService}
       ORDER BY t.start DESC LIMIT ${MAX_FAILED}`,
      range.from * 1000,
      range.to * 1000,
      ...(service === null ? [] : [reader.idOf(service) ?? -1]),
    )
    .map((row) => summaryOf(reader, row))
}

/** One bar an octave: 1 to 2 ms, 2 to 4 ms, ... */
function durationBars(traces: Totals): Overview['durations'] {
  const bars: { upTo: number | null; count: number }[] = []
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const upTo = 2 ** Math.ceil(Math.log2(bucketEnd(bucket) / 1000) - 1e-9)
    const bar = bars.at(-1)
    if (bar?.upTo === upTo) bar.count += traces.histogram[bucket]!
    else bars.push({ upTo, count: traces.histogram[bucket]! })
  }
  const first = bars.findIndex(({ count }) => count > 0)
  const last = bars.findLastIndex(({ count }) => count > 0)
  return first === -1 ? [] : bars.slice(first, last + 1)
}

function sizeBars(reader: Reader, range: ResolvedRange): Overview['traceSizes'] {
  const bar = SIZES.map((upTo, i) => `WHEN spans <= ${upTo} THEN ${i}`).join(' ')
  const counts = new Map(
    reader
      .rows(
        `SELECT CASE ${bar} ELSE ${SIZES.length} END AS bar, count(*) FROM
          (SELECT spans FROM traces WHERE start >= ? AND start < ? ORDER BY start DESC LIMIT 5000) GROUP BY bar`,
        range.from * 1000,
        range.to * 1000,
      )
      .map(([i, n]) => [Number(i), Number(n)]),
  )
  return [...SIZES, null].map((upTo, i) => ({ upTo, count: counts.get(i) ?? 0 }))
}

/** `GET /api/overview` */
export function overview(reader: Reader, query: URLSearchParams): Overview {
  const range = rangeOf(query)
  const service = query.get('service')
  const buckets = bucketsOf(range)
  const by = (dim: number): Map<number, Totals> => totalsByKey(reader, { dim, buckets, service })
  const services = new Map<number, Totals>()
  const all = { dim: ROLLUP_DIMS.all, buckets }
  for (const [id] of reader.rows('SELECT DISTINCT service FROM rollups WHERE dim = ? AND tier = 2', ROLLUP_DIMS.all)) {
    const name = reader.text(Number(id))
    const totals = sumOf(rowsOfWindow(reader, { ...all, service: name }))
    if (totals.n > 0) services.set(Number(id), totals)
  }
  const models = named(by(ROLLUP_DIMS.model), (key) => reader.text(key)).map(({ name, ...stats }) => {
    const [provider, model] = name.split(NUL)
    return { name: model || '(no model named)', provider: provider || null, ...stats }
  })
  const errors = [...by(ROLLUP_DIMS.error)].map(([key, totals]) => ({ type: reader.text(key), count: totals.n }))
  return {
    range,
    totals: totalsOf(reader, range, service),
    previous: totalsOf(reader, { from: range.from - (range.to - range.from), to: range.from }, service),
    series: seriesOf(reader, range, service),
    failed: failedTraces(reader, range, service),
    models,
    agents: named(by(ROLLUP_DIMS.agent), (key) => reader.text(key)),
    tools: named(by(ROLLUP_DIMS.tool), (key) => reader.text(key)),
    services: named(services, (key) => reader.text(key)),
    errorTypes: errors.toSorted((a, b) => b.count - a.count).slice(0, MAX_ROWS),
    types: named(by(ROLLUP_DIMS.type), (key) => SPAN_TYPES[key] ?? 'other').map(({ name, ...stats }) => ({
      type: name,
      ...stats,
    })),
    durations: durationBars(sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.trace, buckets, service }))),
    traceSizes: sizeBars(reader, range),
  }
}
