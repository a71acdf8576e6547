import type { Span, Tracer } from '@opentelemetry/api'
import { type PutOff, putOff } from './put-off.ts'
import { sharedState } from './shared-state.ts'

/** An operation whose span is still to be started or, if it is over, to be written and ended. */
export interface LateWork {
  /** Does it, as of the times at which the operation started and was over. */
  catchUp(): void
}

// On the span itself: it is its set-up that says so, and a process may have more than one.
const MAY_BE_LATE = Symbol.for('agentel.may_be_late')

type Marked = Record<symbol, true | undefined>

/**
 * Lets the span of a model call start and end at the end of the turn of the event loop, 64 at most in a row: what made
 * the call has sent it, and has its answer, first, and many in a row cost a fraction of what each costs between two
 * calls. It starts earlier where somebody asks for it, or for its context. Only for set-ups that export in batches:
 * nobody who looks for a span right after its call finds it.
 */
export function mayBeLate(span: object): void {
  ;(span as Marked)[MAY_BE_LATE] = true
}

/** Tracers whose last span was allowed to be late: the next one is not asked, since it has not started. */
const lateTracers = new WeakSet<Tracer>()

/** Learns from a span that has started whether the next one of its tracer may start late. */
export function learnLateness(tracer: Tracer | undefined, span: Span): void {
  if (tracer === undefined || !span.isRecording()) return
  if (isMarked(span)) lateTracers.add(tracer)
  else lateTracers.delete(tracer)
}

/** Where the start of a span of this tracer waits; `undefined` when it starts at once. */
export function lateStarts(tracer: Tracer | undefined): PutOff<LateWork> | undefined {
  return tracer !== undefined && lateTracers.has(tracer) ? lateWork() : undefined
}

/** Where the end of an operation with this span waits; `undefined` when it ends at once. */
export function lateEnds(span: object): PutOff<LateWork> | undefined {
  return isMarked(span) ? lateWork() : undefined
}

/** Starts and ends what waits. Whoever reads what calls left (cost, metrics, spans) does it first. */
export function catchUpSpans(): void {
  sharedState().lateSpans?.catchUp()
}

function isMarked(span: object): boolean {
  return (span as Marked)[MAY_BE_LATE] === true
}

function lateWork(): PutOff<LateWork> {
  const state = sharedState()
  state.lateSpans ??= putOff<LateWork>('api.lateSpan', (operation) => operation.catchUp())
  return state.lateSpans
}
