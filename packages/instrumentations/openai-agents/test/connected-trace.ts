import type { Attributes } from '@opentelemetry/api'
import type { TestTelemetry } from '@agentel/testing/telemetry'

/** A span of this process or another one. */
export interface SeenSpan {
  readonly name: string
  readonly attributes: Attributes
  readonly spanId: string
  readonly traceId: string
  readonly parentId: string | undefined
}

/** A span of this process. */
export function seen(span: ReturnType<TestTelemetry['span']>): SeenSpan {
  const { spanId, traceId } = span.spanContext()
  return { name: span.name, attributes: span.attributes, spanId, traceId, parentId: span.parentSpanContext?.spanId }
}

/** Where each span is, from the root, sorted. */
export function pathsOf(spans: readonly SeenSpan[]): string[] {
  const known = new Map(spans.map((span) => [span.spanId, span]))
  const path = (id: string | undefined): string[] => {
    const span = known.get(id ?? '')
    return span === undefined ? [] : [...path(span.parentId), span.name]
  }
  return spans.map(({ spanId }) => path(spanId).join(' > ')).toSorted()
}

/** Requests, tokens and cost of the model calls among the spans; sums on agents are no calls. */
export function billOf(spans: readonly SeenSpan[]): readonly [number, number, number, number] {
  const calls = spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
  const sum = (key: string): number =>
    spans
      .filter((span) => calls.includes(span) || key.startsWith('agentel.cost'))
      .reduce((total, { attributes }) => total + Number(attributes[key] ?? 0), 0)
  const cost = Math.round(sum('agentel.cost.amount') * 1e9)
  return [calls.length, sum('gen_ai.usage.input_tokens'), sum('gen_ai.usage.output_tokens'), cost]
}
