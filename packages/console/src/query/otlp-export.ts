import type { OtlpObject } from '../otlp/decode.ts'
import type { Reader } from './reader.ts'
import { storedScope, storedSpans } from './stored-messages.ts'
import { findTrace } from './trace-rows.ts'

/** `GET /api/traces/{traceId}/otlp`: the trace as it was sent, in OTLP/JSON; undefined when there is no such trace. */
export function traceAsOtlp(reader: Reader, traceId: string): OtlpObject | undefined {
  const found = findTrace(reader, traceId)
  if (found === undefined) return undefined
  const byScope = new Map<number, OtlpObject[]>()
  for (const { span, scope } of storedSpans(reader, found.tr)) {
    const spans = byScope.get(scope)
    if (spans === undefined) byScope.set(scope, [span])
    else spans.push(span)
  }
  const resourceSpans = [...byScope].map(([id, spans]): OtlpObject => {
    const { resource, scope, resourceSchema, scopeSchema } = storedScope(reader, id)
    return { resource, scopeSpans: [{ scope, spans, schemaUrl: scopeSchema }], schemaUrl: resourceSchema }
  })
  return { resourceSpans }
}
