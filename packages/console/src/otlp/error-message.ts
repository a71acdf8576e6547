import { ATTR_EXCEPTION_MESSAGE } from '@agentel/semconv'
import { plainAttributes } from './attributes.ts'
import type { OtlpObject } from './decode.ts'

const MAX_MESSAGE = 1024

/** What a decoded Span says went wrong: its status message, else the message of its last exception event; null when neither. */
export function errorMessage(span: OtlpObject): string | null {
  const status = (span.status as OtlpObject | undefined)?.message
  if (typeof status === 'string' && status !== '') return status.slice(0, MAX_MESSAGE)
  const events = (span.events ?? []) as OtlpObject[]
  for (const event of events.toReversed()) {
    const message = plainAttributes(event.attributes)[ATTR_EXCEPTION_MESSAGE]
    if (typeof message === 'string') return message.slice(0, MAX_MESSAGE)
  }
  return null
}
