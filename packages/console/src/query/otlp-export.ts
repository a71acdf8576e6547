import type { OtlpObject } from '../otlp/decode.ts'
import { SPANS_UNDER, underScopes } from './otlp-pages.ts'
import type { Reader } from './reader.ts'
import { storedSpans } from './stored-messages.ts'
import { findTrace } from './trace-rows.ts'

/** `GET /api/traces/{traceId}/otlp`: the trace as it was sent, in OTLP/JSON; undefined when there is no such trace. */
export function traceAsOtlp(reader: Reader, traceId: string): OtlpObject | undefined {
  const found = findTrace(reader, traceId)
  if (found === undefined) return undefined
  const spans = [...storedSpans(reader, found.tr)].map(({ span, scope }) => ({ scope, message: span }))
  return underScopes(reader, spans, SPANS_UNDER)
}
