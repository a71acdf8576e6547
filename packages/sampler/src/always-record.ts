import type { Attributes, Context, Link, SpanKind } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'

/** A sampling decision, as both SDK lines number them: 0 not recorded, 1 recorded, 2 recorded and sampled. */
export interface SamplingResultLike {
  decision: number
  attributes?: Readonly<Attributes>
}

/** A sampler of either SDK line, by shape. */
export interface SamplerLike<R extends SamplingResultLike = SamplingResultLike> {
  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): R
  toString(): string
}

const NOT_RECORD = 0
const RECORD = 1

/**
 * Lets processors see every agent span, so that metrics and cost are exact whatever is sampled: a span that
 * `delegate` would drop is recorded, though not sampled, when it was created with `gen_ai.operation.name` or an
 * `agentel.*` attribute. Exporting processors skip such a span, and so does every service downstream. All other
 * decisions are the delegate's.
 *
 * @example
 * new TracerProvider({ sampler: alwaysRecord(new TraceIdRatioBasedSampler(0.1)) })
 */
export function alwaysRecord<S extends SamplerLike<R>, R extends SamplingResultLike = ReturnType<S['shouldSample']>>(
  delegate: S,
): SamplerLike<R> {
  return {
    shouldSample(context, traceId, spanName, spanKind, attributes, links) {
      const result = delegate.shouldSample(context, traceId, spanName, spanKind, attributes, links)
      if (result.decision !== NOT_RECORD || !isAgentSpan(attributes)) return result
      return { ...result, decision: RECORD }
    },
    toString: () => `AlwaysRecord{${delegate.toString()}}`,
  }
}

function isAgentSpan(attributes: Attributes | undefined): boolean {
  for (const key in attributes) if (key === ATTR_GEN_AI_OPERATION_NAME || key.startsWith('agentel.')) return true
  return false
}
