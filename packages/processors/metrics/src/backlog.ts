import { putOff } from '@agentel/api'
import { type CostPartsLike, getCostParts, type ReadableSpanLike } from '@agentel/processor-kit'

/** An ended call as it was when it ended. */
export interface EndedCall {
  readonly span: ReadableSpanLike
  /** How its cost divides; only known while the span ends. */
  readonly parts: CostPartsLike | undefined
  /** Spans of its trace so far, where it is the first of them. */
  readonly spans: number
}

/** Calls that have ended and are not counted yet. */
export interface Backlog {
  add(span: ReadableSpanLike, spans: number): void
  /** Counts all of them, in the order in which they ended. */
  catchUp(): void
}

/** Puts off the counting of calls; see `putOff`. */
export function createBacklog(count: (call: EndedCall) => void): Backlog {
  const { add, catchUp } = putOff('metrics.onEnd', count)
  return { add: (span, spans) => add({ span, parts: getCostParts(span), spans }), catchUp }
}
