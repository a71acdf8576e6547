import { type Attributes, type Context, createContextKey, type Span, trace } from '@opentelemetry/api'
import type { FailOptions } from '@agentel/api'

/** The outer instrumentation's span that stands for a model call made further in. */
export interface CallOwner {
  /** Who owns it: `langchain`. */
  readonly name: string
  /** Gives the owner's span what only the inner client knows. */
  enrich(attributes: Attributes): void
  /** Told of the failure as the client sees it, where the owner itself learns less; it may come again by another way. */
  fail?(error: unknown, options?: FailOptions): void
  /** The owner's span, for what is kept beside attributes: the gaps between a stream's chunks. */
  readonly span?: Span
  /** Of several calls that are about to be made at once: the owner of the next. */
  next?(): CallOwner | undefined
}

const OWNER = createContextKey('agentel.call_owner')

/**
 * Marks the model calls that are made in the returned context as having a span already. Use it for the one call that
 * the owner's span stands for, not for everything that runs inside an agent.
 */
export function withCallOwner(context: Context, owner: CallOwner): Context {
  return context.setValue(OWNER, owner)
}

/** The owner of the model call that is being started in this context, if there is one. Ask once for a call. */
export function callOwner(context: Context): CallOwner | undefined {
  const owner = context.getValue(OWNER) as CallOwner | undefined
  return owner?.next === undefined ? owner : owner.next()
}

/**
 * What stands for the owner's span further in: it has the same identity, so that what is started or sent there belongs to
 * it, and records nothing. `undefined` where nobody owns the model calls.
 */
export function spanOfOwner(context: Context): Span | undefined {
  const owner = callOwner(context)
  const span = owner?.span ?? trace.getSpan(context)
  return owner === undefined || span === undefined ? undefined : trace.wrapSpanContext(span.spanContext())
}
