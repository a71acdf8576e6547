import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpanLike } from '@agentel/processor-kit'
import { ATTR_AGENTEL_COST_AMOUNT } from '@agentel/semconv'
import { record, type Row, type RowStore } from './row-store.ts'

/** Counts what one kind of span tells; spans of other kinds are left alone. */
export type Measure = (span: ReadableSpanLike) => void

/** One metric, recorded by the attributes that the registry gives it. */
export type Instrument = (attributes: Readonly<Attributes>, value: number) => void

/** A metric with a family of its own. */
export function instrumentOf(store: RowStore, metric: string): Instrument {
  const family = store.family([{ metric }])
  return (attributes, value) => record(store.row(family, attributes), 0, value)
}

/** Metrics with the same attributes, which share their rows: gives the row, for `record` by place in the list. */
export function rowsOf(store: RowStore, metrics: readonly string[]): (attributes: Readonly<Attributes>) => Row {
  const family = store.family(metrics.map((metric) => ({ metric })))
  return (attributes) => store.row(family, attributes)
}

/** How long a span took, in seconds. */
export function secondsOf(span: ReadableSpanLike): number {
  return span.duration[0] + span.duration[1] / 1e9
}

/** A number among attributes; what is not finite is none. */
export function numberOf(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined
}

/** The cost that a span tells. Nothing costs less than nothing: such an amount is none. */
export function costOf(attributes: Readonly<Attributes>): number | undefined {
  const amount = numberOf(attributes[ATTR_AGENTEL_COST_AMOUNT])
  return amount === undefined || amount < 0 ? undefined : amount
}
