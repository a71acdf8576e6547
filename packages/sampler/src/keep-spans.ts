import { type Span, SpanStatusCode } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { ReadableSpanLike, SpanProcessorLike } from '@agentel/processor-kit'
import {
  AGENTEL_SECURITY_CHECK_RESULT_VALUE_FAILED,
  ATTR_AGENTEL_SAMPLING_REASON,
  ATTR_AGENTEL_SECURITY_CHECK_RESULT,
} from '@agentel/semconv'
import { exportedSpan } from './exported-span.ts'
import { rateLimit } from './rate-limit.ts'
import { hasPriority } from './rule-sampler.ts'

/** What {@link keepSpans} takes. */
export interface KeepSpansOptions {
  /** Spans a second that are kept so: when everything fails at once, the destination is not flooded. Default 100. */
  readonly maxPerSecond?: number
  /** Spans that are not kept, whatever has happened in them. */
  readonly except?: (span: ReadableSpanLike) => boolean
}

/** A processor that counts what it did not pass on. */
export interface KeepingProcessor extends SpanProcessorLike {
  /** Spans that were to be kept and exceeded `maxPerSecond`. */
  dropped(): number
}

const SAMPLED = 1

/** Whether a span is one that was sampled. */
export function isSampled(span: { spanContext(): { traceFlags: number } }): boolean {
  return (span.spanContext().traceFlags & SAMPLED) !== 0
}

/** Why a span is worth exporting by itself, if it is: `error`, `critical`, `priority`. */
export function reasonToKeep({ status, attributes }: ReadableSpanLike): string | undefined {
  if (status.code === SpanStatusCode.ERROR) return 'error'
  if (attributes[ATTR_AGENTEL_SECURITY_CHECK_RESULT] === AGENTEL_SECURITY_CHECK_RESULT_VALUE_FAILED) return 'critical'
  return hasPriority(attributes) ? 'priority' : undefined
}

/**
 * Stands before an exporting processor and passes on, beside all sampled spans, those of unsampled traces that failed,
 * are critical or have a priority. They carry `agentel.sampling.reason`; the rest of their trace is not exported. Only
 * spans that are recorded can be kept: see `alwaysRecord`.
 */
export function keepSpans(next: SpanProcessorLike, options: KeepSpansOptions = {}): KeepingProcessor {
  const limit = rateLimit(options.maxPerSecond ?? 100)
  let dropped = 0
  const keep = (span: ReadableSpanLike): void => {
    const reason = reasonToKeep(span)
    if (reason === undefined || options.except?.(span) === true) return
    if (!limit.take()) {
      dropped++
      return
    }
    const context = span.spanContext()
    next.onEnd(
      exportedSpan(
        span,
        { ...span.attributes, [ATTR_AGENTEL_SAMPLING_REASON]: reason },
        { ...context, traceFlags: context.traceFlags | SAMPLED },
      ),
    )
  }
  return {
    onStart: (span: Span, context) => next.onStart(span, context),
    onEnding: (span) => next.onEnding?.(span),
    onEnd(span) {
      if (isSampled(span)) next.onEnd(span)
      else guard('sampler.keep', () => keep(span))
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
    dropped: () => dropped,
  }
}
