import type { Attributes, Context } from '@opentelemetry/api'
import { EVENT_AGENTEL_REQUEST, EVENT_AGENTEL_RESPONSE } from '@agentel/semconv'
import { SEVERITY, emitEvent, hasLoggerProvider } from './log-events.ts'
import { eventExcerpt } from './record-content.ts'

/**
 * Writes that a model was asked: event `agentel.request`, with the length of the content in characters always, and its
 * beginning when content may go on events.
 *
 * @param content a function, so that nothing is made of it when nobody listens
 */
export function emitRequest(attributes: Attributes, content: () => unknown, context: Context): void {
  if (!hasLoggerProvider()) return
  emitEvent(
    EVENT_AGENTEL_REQUEST,
    { ...attributes, ...eventExcerpt(content(), context) },
    { severity: SEVERITY.INFO, context },
  )
}

/** Writes that a model answered, or failed to (`error.type`): event `agentel.response`; see {@link emitRequest}. */
export function emitResponse(attributes: Attributes, content: () => unknown, context: Context): void {
  if (!hasLoggerProvider()) return
  emitEvent(
    EVENT_AGENTEL_RESPONSE,
    { ...attributes, ...eventExcerpt(content(), context) },
    { severity: SEVERITY.INFO, context },
  )
}
