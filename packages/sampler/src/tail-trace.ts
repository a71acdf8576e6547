import type { ReadableSpanLike } from '@agentel/processor-kit'
import { ATTR_AGENTEL_ANOMALY_SCORE, ATTR_AGENTEL_COST_AMOUNT } from '@agentel/semconv'
import { reasonToKeep } from './keep-spans.ts'
import { isInShare } from './trace-share.ts'

/** Which traces are kept whole. */
export interface TailPolicy {
  /** Keep traces whose first span took at least this many seconds. Default 30. */
  readonly slowSeconds?: number
  /** Keep traces whose model calls cost at least this many US dollars together. Default 0.1. */
  readonly costUsd?: number
  /** Share of all other traces that is kept, 0 to 1, the same in every process. Default 0.1. */
  readonly share?: number
}

/** A trace that waits for its decision, or what is left of it afterwards. */
export interface PendingTrace {
  readonly id: string
  spans: ReadableSpanLike[]
  /** When its first span started here, by the clock of the processor. */
  readonly since: number
  live: number
  bytes: number
  /** The first span of the trace in this process, once it has ended. */
  root: ReadableSpanLike | undefined
  /** What was found in any of its spans so far; once it is decided, why it was kept, or undefined if it was not. */
  reason: string | undefined
  cost: number
  decided: boolean
}

/** An empty trace. */
export function openTrace(id: string, since: number): PendingTrace {
  return { id, spans: [], since, live: 0, bytes: 0, root: undefined, reason: undefined, cost: 0, decided: false }
}

/** Roughly what a span takes in memory: its texts, and a constant for all the rest. */
export function bytesOf({ attributes, events, links }: ReadableSpanLike): number {
  let bytes = 600 + 200 * links.length
  for (const key in attributes) bytes += sizeOf(attributes[key])
  for (const event of events) for (const key in event.attributes) bytes += sizeOf(event.attributes[key])
  return bytes
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 40 + 2 * value.length
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + sizeOf(one), 40)
  return 40
}

function isLocalRoot({ parentSpanContext }: ReadableSpanLike): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true
}

const RANK = ['priority', 'anomaly', 'critical', 'error']

/** Takes notice of a span that has ended, whether it is kept in memory or not. */
export function judge(trace: PendingTrace, span: ReadableSpanLike): void {
  const { attributes } = span
  const reason = reasonToKeep(span) ?? (attributes[ATTR_AGENTEL_ANOMALY_SCORE] === undefined ? undefined : 'anomaly')
  if (reason !== undefined && RANK.indexOf(reason) > RANK.indexOf(trace.reason ?? '')) trace.reason = reason
  // Only leaf calls of a model carry a cost, so nothing is counted twice.
  const cost = attributes[ATTR_AGENTEL_COST_AMOUNT]
  if (Number.isFinite(cost)) trace.cost += cost as number
  if (isLocalRoot(span)) trace.root ??= span
}

function secondsOf([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds + nanoseconds / 1e9
}

/** Why a trace is kept: `error`, `critical`, `anomaly`, `priority`, `slow`, `cost`, `share`; undefined: it is not. */
export function verdict(trace: PendingTrace, policy: Required<TailPolicy>, threshold: string | undefined) {
  if (trace.reason !== undefined) return trace.reason
  if (trace.root !== undefined && secondsOf(trace.root.duration) >= policy.slowSeconds) return 'slow'
  if (trace.cost >= policy.costUsd) return 'cost'
  const state = trace.spans[0]?.spanContext().traceState
  return isInShare(threshold, trace.id, state) ? 'share' : undefined
}
