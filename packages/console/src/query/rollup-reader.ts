import type { OperationStats, ResolvedRange } from '../api/contract.ts'
import { TIERS } from '../store/codes.ts'
import { addHistogram, BUCKETS, quantile } from '../store/histogram.ts'
import type { Cells, Reader } from './reader.ts'

/** Sums of roll-up rows. */
export interface Totals {
  n: number
  errors: number
  /** Microseconds. */
  duration: number
  inputTokens: number
  outputTokens: number
  cost: number
  priced: number
  unpriced: number
  readonly histogram: Float64Array
}

/** A window of whole buckets. Microseconds. */
export interface Buckets {
  readonly tier: number
  readonly first: number
  readonly count: number
  /** Buckets of the tier in one step of a chart. */
  readonly perStep: number
}

const HOUR = 3_600_000
const MAX_STEPS = 200

/** Minutes for up to six hours, quarters of an hour for up to four days, hours beyond. */
function tierFor({ from, to }: ResolvedRange): number {
  if (to - from <= 6 * HOUR) return 0
  return to - from <= 96 * HOUR ? 1 : 2
}

/** The buckets that cover a window; the first and last are whole, so a little more than was asked for. */
export function bucketsOf(range: ResolvedRange, finest = 0): Buckets {
  const tier = Math.max(finest, tierFor(range))
  const length = TIERS[tier]! / 1000
  const first = Math.floor(range.from / length)
  const count = Math.max(1, Math.ceil(range.to / length) - first)
  return { tier, first, count, perStep: Math.ceil(count / MAX_STEPS) }
}

/** Start and step of a chart over these buckets, milliseconds. */
export function axisOf(buckets: Buckets): { start: number; step: number; steps: number } {
  const length = TIERS[buckets.tier]! / 1000
  return {
    start: buckets.first * length,
    step: length * buckets.perStep,
    steps: Math.ceil(buckets.count / buckets.perStep),
  }
}

/** Nothing yet. */
export function noTotals(): Totals {
  return {
    n: 0,
    errors: 0,
    duration: 0,
    inputTokens: 0,
    outputTokens: 0,
    cost: 0,
    priced: 0,
    unpriced: 0,
    histogram: new Float64Array(BUCKETS),
  }
}

const COLUMNS = 't, key, n, errors, duration, input_tokens, output_tokens, cost, priced, unpriced, histogram'

/** Adds a row of {@link rollupRows}. */
export function addRow(totals: Totals, row: Cells): void {
  totals.n += row[2] as number
  totals.errors += row[3] as number
  totals.duration += row[4] as number
  totals.inputTokens += row[5] as number
  totals.outputTokens += row[6] as number
  totals.cost += row[7] as number
  totals.priced += row[8] as number
  totals.unpriced += row[9] as number
  if (row[10] instanceof Uint8Array) addHistogram(totals.histogram, row[10])
}

/** What to read. Without `service`, all services; without `keys`, all keys. */
export interface RollupQuery {
  readonly dim: number
  readonly buckets: Buckets
  readonly service?: string | null | undefined
  readonly keys?: readonly number[] | undefined
}

/** The conditions of a query on `rollups`, and their values. */
function conditionsOf(reader: Reader, { dim, buckets, service, keys }: RollupQuery): [string, (number | string)[]] {
  const filters = ['dim = ?', 'tier = ?', 't >= ?', 't < ?']
  const values: (number | string)[] = [dim, buckets.tier, buckets.first, buckets.first + buckets.count]
  if (typeof service === 'string') {
    filters.push('service = ?')
    values.push(reader.idOf(service) ?? -1)
  }
  if (keys !== undefined) {
    filters.push('key IN (SELECT value FROM json_each(?))')
    values.push(JSON.stringify(keys))
  }
  return [filters.join(' AND '), values]
}

/** Rows of a dimension: t, key, and the columns that {@link addRow} reads. */
export function rollupRows(reader: Reader, query: RollupQuery): Cells[] {
  const [conditions, values] = conditionsOf(reader, query)
  return reader.rows(`SELECT ${COLUMNS} FROM rollups WHERE ${conditions}`, ...values)
}

/**
 * The same window in as few buckets as the coarser tiers allow: whole hours (or quarters) in the middle, the finer ones at
 * its ends.
 */
function coarsest(buckets: Buckets): Buckets[] {
  const { tier, first, count } = buckets
  if (tier === TIERS.length - 1) return [buckets]
  const ratio = TIERS[tier + 1]! / TIERS[tier]!
  const end = first + count
  const from = Math.ceil(first / ratio)
  const to = Math.floor(end / ratio)
  if (to <= from) return [buckets]
  return [
    { ...buckets, count: from * ratio - first },
    { tier: tier + 1, first: from, count: to - from, perStep: 1 },
    { ...buckets, first: to * ratio, count: end - to * ratio },
  ].filter((segment) => segment.count > 0)
}

/** Rows for sums over the whole window, where the time of a row does not matter. */
export function rowsOfWindow(reader: Reader, query: RollupQuery): Cells[] {
  return coarsest(query.buckets).flatMap((buckets) => rollupRows(reader, { ...query, buckets }))
}

/** The keys that have a row in the window: cheap beside the rows, whose histograms are most of what is read. */
export function keysOfWindow(reader: Reader, query: RollupQuery): number[] {
  const found = coarsest(query.buckets).flatMap((buckets) => {
    const [conditions, values] = conditionsOf(reader, { ...query, buckets })
    return reader.rows(`SELECT DISTINCT key FROM rollups WHERE ${conditions}`, ...values)
  })
  return [...new Set(found.map(([key]) => Number(key)))]
}

/** Totals by key over the window. */
export function totalsByKey(reader: Reader, query: RollupQuery): Map<number, Totals> {
  const byKey = new Map<number, Totals>()
  for (const row of rowsOfWindow(reader, query)) {
    const key = row[1] as number
    let totals = byKey.get(key)
    if (totals === undefined) byKey.set(key, (totals = noTotals()))
    addRow(totals, row)
  }
  return byKey
}

/** Totals of all rows. */
export function sumOf(rows: readonly Cells[]): Totals {
  const totals = noTotals()
  for (const row of rows) addRow(totals, row)
  return totals
}

/** Totals by step of the chart; steps without rows are undefined. */
export function totalsByStep(rows: readonly Cells[], buckets: Buckets): (Totals | undefined)[] {
  const steps: (Totals | undefined)[] = Array.from({ length: axisOf(buckets).steps }, () => undefined)
  for (const row of rows) {
    const step = Math.floor(((row[0] as number) - buckets.first) / buckets.perStep)
    addRow((steps[step] ??= noTotals()), row)
  }
  return steps
}

/** A quantile in milliseconds; null when nothing was timed. */
export function millisAt(totals: Totals | undefined, q: number): number | null {
  const micros = totals === undefined ? null : quantile(totals.histogram, q)
  return micros === null ? null : micros / 1000
}

/** Cost of calls with a price; null when none had one. */
export function costOf(totals: Totals): number | null {
  return totals.priced > 0 ? totals.cost : null
}

/** Figures as the API gives them. */
export function statsOf(totals: Totals): OperationStats {
  const timed = totals.histogram.reduce((a, b) => a + b, 0)
  return {
    count: totals.n,
    errors: totals.errors,
    meanDuration: timed > 0 ? totals.duration / timed / 1000 : null,
    p50: millisAt(totals, 0.5),
    p95: millisAt(totals, 0.95),
    p99: millisAt(totals, 0.99),
    inputTokens: totals.inputTokens,
    outputTokens: totals.outputTokens,
    cost: costOf(totals),
    unpriced: totals.unpriced,
  }
}
