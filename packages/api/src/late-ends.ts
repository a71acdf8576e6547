import { type PutOff, putOff } from './put-off.ts'
import { sharedState } from './shared-state.ts'

/** An operation that is over, whose span is still to be written and ended. */
export interface LateEnd {
  /** Writes and ends the span, as of the time at which the operation was over. */
  endLate(): void
}

// On the span itself: it is its set-up that says so, and a process may have more than one.
const MAY_END_LATE = Symbol.for('agentel.may_end_late')

type Marked = Record<symbol, true | undefined>

/**
 * Lets a span end at the end of the turn of the event loop in which its operation is over, 64 at most in a row: what made
 * the operation has its answer first, and many ends in a row cost a fraction of what each costs between two calls. Only
 * for set-ups that export in batches: nobody who looks for a span right after its call finds it.
 */
export function mayEndLate(span: object): void {
  ;(span as Marked)[MAY_END_LATE] = true
}

/** Where the end of an operation with this span waits; `undefined` when it ends at once. */
export function lateEnds(span: object): PutOff<LateEnd> | undefined {
  if ((span as Marked)[MAY_END_LATE] !== true) return undefined
  const state = sharedState()
  state.lateEnds ??= putOff<LateEnd>('api.endLate', (operation) => operation.endLate())
  return state.lateEnds
}

/** Ends what waits. Whoever reads what a call left (its cost, its metrics, its span) does it first. */
export function catchUpEnds(): void {
  sharedState().lateEnds?.catchUp()
}
