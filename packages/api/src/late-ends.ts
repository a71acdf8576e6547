import { type PutOff, putOff } from './put-off.ts'
import { sharedState } from './shared-state.ts'

/** An operation that is over, whose span is still to be written and ended. */
export interface LateEnd {
  /** Writes and ends the span, as of the time at which the operation was over. */
  endLate(): void
}

/**
 * Lets operations end their spans at the end of the turn of the event loop in which they were over, 64 at most in a row:
 * what made them has its answer first, and many ends in a row cost a fraction of what each costs between two calls. Only
 * for a set-up that exports in batches: nobody who looks at spans right after a call finds them.
 *
 * @returns ends what waits, and has spans end at once again
 */
export function endLate(): () => void {
  const state = sharedState()
  const queue = putOff<LateEnd>('api.endLate', (operation) => operation.endLate())
  state.lateEnds = queue
  return () => {
    queue.catchUp()
    if (state.lateEnds === queue) delete state.lateEnds
  }
}

/** What ends operations late; `undefined` when spans end at once. */
export function lateEnds(): PutOff<LateEnd> | undefined {
  return sharedState().lateEnds
}

/** Ends what waits. Whoever reads what a call left (its cost, its metrics, its span) does it first. */
export function catchUpEnds(): void {
  sharedState().lateEnds?.catchUp()
}
