import type { Attributes, Histogram } from '@opentelemetry/api'

/** A running total, of a counter or an updowncounter. */
export interface SumCell {
  readonly kind: 'sum'
  value: number
}

/** A distribution over fixed buckets; `counts[i]` holds values up to and including `bounds[i]`, the last one the rest. */
export interface DistributionCell {
  readonly kind: 'distribution'
  readonly bounds: readonly number[]
  readonly counts: number[]
  sum: number
  count: number
  min: number
  max: number
}

/** A distribution kept by the host's SDK. */
export interface ForeignCell {
  readonly kind: 'foreign'
  readonly histogram: Histogram
  readonly attributes: Attributes
}

/** Where values of one metric with one set of attributes are added up. */
export type Cell = SumCell | DistributionCell | ForeignCell

/** An empty distribution. */
export function distribution(bounds: readonly number[]): DistributionCell {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0)
  return { kind: 'distribution', bounds, counts, sum: 0, count: 0, min: Infinity, max: -Infinity }
}

/** Adds one value; what is no number is none, for a single one would make the total of the process's life useless. */
export function addTo(cell: Cell, value: number): void {
  if (!Number.isFinite(value)) return
  if (cell.kind === 'sum') cell.value += value
  else if (cell.kind === 'foreign') cell.histogram.record(value, cell.attributes)
  else {
    const { bounds } = cell
    let index = 0
    // At most 15 bounds: a loop is faster than a search by halves.
    while (index < bounds.length && value > bounds[index]!) index++
    cell.counts[index]!++
    cell.sum += value
    cell.count++
    if (value < cell.min) cell.min = value
    if (value > cell.max) cell.max = value
  }
}
