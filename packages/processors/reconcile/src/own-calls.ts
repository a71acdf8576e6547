import type { Span } from '@opentelemetry/api'
import type { EndingSpan, ReadableSpanLike } from '@agentel/processor-kit'
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@agentel/semconv'

type OpenSpan = Span & Partial<ReadableSpanLike>

/** Spans of ours that stand for a model call and have not ended. */
export interface OwnCalls {
  start(span: OpenSpan): void
  end(spanId: string): void
  /** The one directly around a span. */
  around(span: Pick<EndingSpan, 'parentSpanContext'>): OpenSpan | undefined
}

/** Remembers at most `limit` of them, the newest: those that never end must not fill the memory. */
export function rememberOwnCalls(limit: number): OwnCalls {
  const open = new Map<string, OpenSpan>()
  return {
    start(span) {
      open.set(span.spanContext().spanId, span)
      if (open.size > limit) open.delete(open.keys().next().value!)
    },
    end: (spanId) => void open.delete(spanId),
    around: ({ parentSpanContext }) =>
      parentSpanContext === undefined ? undefined : open.get(parentSpanContext.spanId),
  }
}

/** What the answer says, and where it came from. */
const FACTS = /^gen_ai\.(usage|response)\./

/** Gives a span of ours what another library knows of the same call and it does not. What it says itself, later, wins. */
export function complete(own: OpenSpan, facts: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(facts)) {
    const isFact = FACTS.test(key) || key === ATTR_SERVER_ADDRESS || key === ATTR_SERVER_PORT
    if (isFact && own.attributes?.[key] === undefined) own.setAttribute(key, value as string)
  }
}
