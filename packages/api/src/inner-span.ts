import { type Context, createContextKey, type Span } from '@opentelemetry/api'

/** Waits for the span that a library will start for a call, somewhere inside it. */
export interface InnerSpanReceiver {
  /** Begins the name of the library's scope. */
  readonly scope: string
  /** Called once, with the span that has just started. */
  receive(span: Span): void
}

const RECEIVER = createContextKey('agentel.inner_span_receiver')

/**
 * Marks a call whose library makes the span itself. The next span that starts in the returned context under the
 * receiver's scope is handed to it, provided that our span processor is there to see it start.
 */
export function withInnerSpanReceiver(context: Context, receiver: InnerSpanReceiver): Context {
  return context.setValue(RECEIVER, { receiver, taken: false })
}

/** Hands a span that has started to whoever waits for it; for span processors. */
export function offerInnerSpan(span: Span, scope: string | undefined, context: Context): void {
  const waiting = context.getValue(RECEIVER) as { receiver: InnerSpanReceiver; taken: boolean } | undefined
  if (waiting === undefined || waiting.taken || scope?.startsWith(waiting.receiver.scope) !== true) return
  waiting.taken = true
  waiting.receiver.receive(span)
}
