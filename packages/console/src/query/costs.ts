import type { CostBreakdown, CostDimension, ResolvedRange } from '../api/contract.ts'
import { NUL, ROLLUP_DIMS } from '../store/codes.ts'
import { choiceOf, rangeOf } from './parameters.ts'
import { projectionOf } from './projection.ts'
import type { Cells, Reader } from './reader.ts'
import {
  addRow,
  axisOf,
  type Buckets,
  bucketsOf,
  costOf,
  noTotals,
  rollupRows,
  rowsOfWindow,
  sumOf,
  type Totals,
} from './rollup-reader.ts'
import { SUMMARY_COLUMNS, summaryOf } from './trace-summary.ts'

const DIMENSIONS: readonly CostDimension[] = [
  'model',
  'agent',
  'task',
  'workflow',
  'tool',
  'user',
  'session',
  'service',
]
const MAX_ROWS = 100
const MAX_STACKS = 8
const MAX_DEAREST = 10

/** Rows of the dimension with the value that each belongs to; null where the spans have none. */
function valuesOf(
  reader: Reader,
  by: CostDimension,
  buckets: Buckets,
  service: string | null,
): { value: string; row: Cells }[] {
  if (by === 'service') {
    const services = reader.rows('SELECT DISTINCT service FROM rollups WHERE dim = ? AND tier = 2', ROLLUP_DIMS.all)
    return services
      .map(([id]) => reader.text(Number(id)))
      .filter((name) => service === null || name === service)
      .flatMap((name) =>
        rollupRows(reader, { dim: ROLLUP_DIMS.all, buckets, service: name }).map((row) => ({ value: name, row })),
      )
  }
  return rollupRows(reader, { dim: ROLLUP_DIMS[by], buckets, service }).map((row) => {
    const text = reader.text(Number(row[1]))
    return { value: by === 'model' ? (text.split(NUL)[1] ?? '') : text, row }
  })
}

function groupBy(items: readonly { value: string; row: Cells }[]): Map<string, Totals> {
  const groups = new Map<string, Totals>()
  for (const { value, row } of items) {
    let totals = groups.get(value)
    if (totals === undefined) groups.set(value, (totals = noTotals()))
    addRow(totals, row)
  }
  return groups
}

function dearest(reader: Reader, range: ResolvedRange, service: string | null): CostBreakdown['dearest'] {
  return reader
    .rows(
      `SELECT ${SUMMARY_COLUMNS} FROM traces t WHERE t.start >= ? AND t.start < ? AND t.priced > 0
        ${service === null ? '' : 'AND t.root_service = ?'} ORDER BY t.cost DESC LIMIT ${MAX_DEAREST}`,
      range.from * 1000,
      range.to * 1000,
      ...(service === null ? [] : [reader.idOf(service) ?? -1]),
    )
    .map((row) => summaryOf(reader, row))
}

function unpricedModels(reader: Reader, buckets: Buckets, service: string | null): CostBreakdown['unpricedModels'] {
  const groups = new Map<string, Totals>()
  for (const row of rowsOfWindow(reader, { dim: ROLLUP_DIMS.model, buckets, service })) {
    const name = reader.text(Number(row[1]))
    let totals = groups.get(name)
    if (totals === undefined) groups.set(name, (totals = noTotals()))
    addRow(totals, row)
  }
  return [...groups]
    .filter(([, totals]) => totals.unpriced > 0)
    .map(([name, totals]) => {
      const [provider, model] = name.split(NUL)
      return { provider: provider || null, model: model || '(no model named)', calls: totals.unpriced }
    })
    .toSorted((a, b) => b.calls - a.calls)
}

function costSteps(rows: readonly Cells[], buckets: Buckets): number[] {
  const cost = Array.from({ length: axisOf(buckets).steps }, () => 0)
  for (const row of rows) cost[Math.floor((Number(row[0]) - buckets.first) / buckets.perStep)]! += Number(row[7])
  return cost
}

/** The rest of the total: calls whose spans name no user, no agent, ... */
function unnamed(all: Totals, groups: ReadonlyMap<string, Totals>): Totals {
  const rest = { ...all }
  for (const totals of groups.values()) {
    rest.cost -= totals.cost
    rest.priced -= totals.priced
    rest.unpriced -= totals.unpriced
    rest.inputTokens -= totals.inputTokens
    rest.outputTokens -= totals.outputTokens
  }
  return rest
}

/** `GET /api/costs` */
export function costBreakdown(reader: Reader, query: URLSearchParams): CostBreakdown {
  const range = rangeOf(query)
  const by = choiceOf(query, 'by', DIMENSIONS, 'model')
  const service = query.get('service')
  const buckets = bucketsOf(range)
  const allRows = rollupRows(reader, { dim: ROLLUP_DIMS.all, buckets, service })
  const all = sumOf(allRows)
  const calls = sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.model, buckets, service })).n
  const items = valuesOf(reader, by, buckets, service)
  const groups = groupBy(items)
  const rest = unnamed(all, groups)
  const rowOf = (value: string | null, totals: Totals): CostBreakdown['rows'][number] => ({
    value,
    cost: costOf(totals),
    calls: totals.priced + totals.unpriced,
    unpriced: totals.unpriced,
    inputTokens: totals.inputTokens,
    outputTokens: totals.outputTokens,
    share: all.cost > 0 ? totals.cost / all.cost : 0,
  })
  const rows = [...groups]
    .filter(([value]) => value !== '')
    .map(([value, totals]) => rowOf(value, totals))
    .filter((row) => row.calls > 0)
    .toSorted((a, b) => (b.cost ?? 0) - (a.cost ?? 0))
    .slice(0, MAX_ROWS)
  const hasRest = rest.priced + rest.unpriced > 0
  const { start, step } = axisOf(buckets)
  const stacks = rows.slice(0, MAX_STACKS).map(({ value }) => ({
    value,
    cost: costSteps(
      items.filter((item) => item.value === value).map((item) => item.row),
      buckets,
    ),
  }))
  return {
    range,
    by,
    total: costOf(all),
    unpriced: all.unpriced,
    calls,
    inputTokens: all.inputTokens,
    outputTokens: all.outputTokens,
    rows: hasRest ? [...rows, rowOf(null, rest)] : rows,
    series: {
      start,
      step,
      cost: costSteps(allRows, buckets),
      stacks,
    },
    projection: projectionOf(reader, service, Date.now()),
    unpricedModels: unpricedModels(reader, buckets, service),
    dearest: dearest(reader, range, service),
  }
}
