/** A transaction takes at most so many bodies. */
export const MAX_GATHERED = 16

/** Of the time that the last batch took, so much may be spent on waiting for the next to be complete. */
const SHARE = 0.08
const MAX_WAIT_MS = 8
/** After waiting in vain, so many batches are taken as they come. */
const PATIENCE = 32

/**
 * Decides under load when enough has been gathered for a transaction. Senders that were just answered send again at once: taking what
 * is there before they have done so splits them into halves that take turns, and a transaction of two bodies costs much less
 * than two of one. A sender alone never waits.
 */
export interface Gathering {
  /** A batch has been written, within so many milliseconds; `waiting` came meanwhile. */
  wrote(bodies: number, waiting: number, ms: number): void
  /** Whether what waits is to be written, so many milliseconds after the last batch. */
  isEnough(waiting: number, ms: number): boolean
}

/** A new decision. */
export function openGathering(): Gathering {
  let expected = 0
  let patientUntil = 0
  let impatient = 0
  return {
    wrote(bodies, waiting, ms) {
      expected = Math.min(MAX_GATHERED, bodies + waiting)
      patientUntil = Math.min(MAX_WAIT_MS, ms * SHARE)
      if (impatient > 0) impatient--
    },
    isEnough(waiting, ms) {
      if (waiting >= expected || impatient > 0) return true
      if (ms < patientUntil) return false
      // Nobody waits for nothing twice in a row; a sender that has gone is not waited for again.
      if (ms < patientUntil + MAX_WAIT_MS) impatient = PATIENCE
      return true
    },
  }
}
