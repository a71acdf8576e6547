import { recordFault } from '@agentel/api'
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

/** Calls that wait at most: then they are counted at once, whoever waits for the last one. */
const MOST = 64

/**
 * Puts off the counting of calls until nobody waits: to the end of this turn of the event loop, or until they are
 * enough. Many in a row cost a fraction of what each alone does, for the code is at hand then. Whoever reads what was
 * counted has to catch up first.
 */
export function createBacklog(count: (call: EndedCall) => void): Backlog {
  let waiting: EndedCall[] = []
  let scheduled = false
  const catchUp = (): void => {
    if (waiting.length === 0) return
    const calls = waiting
    waiting = []
    for (let index = 0; index < calls.length; index++) {
      try {
        count(calls[index]!)
      } catch (fault) {
        recordFault('metrics.onEnd', fault)
      }
    }
  }
  const later = (): void => {
    scheduled = false
    catchUp()
  }
  return {
    add(span, spans) {
      waiting.push({ span, parts: getCostParts(span), spans })
      if (waiting.length >= MOST) catchUp()
      else if (!scheduled) {
        scheduled = true
        setImmediate(later).unref()
      }
    },
    catchUp,
  }
}
