import type { Context, Span } from '@opentelemetry/api'
import { guardPromise, recordFault } from '@agentel/api'
import { type EndingSpan, type ReadableSpanLike, endingSpan } from './ending-span.ts'
import type { EditableLogRecord } from './log-enricher.ts'

/**
 * One thing that is done to spans of any origin. What a method throws is a count and a line in `diag`, never a
 * failure of the application or of another enricher.
 */
export interface Enricher {
  /** For fault counts: `cost`, `redaction`, … */
  readonly name: string
  /** The span has just started; attributes may be set. */
  onStart?(span: Span & Partial<ReadableSpanLike>, parentContext: Context): void
  /** The span is about to end: the last moment at which it can be changed. Every exporter sees the result. */
  onEnding?(span: EndingSpan): void
  /** The span has ended and every enricher's `onEnding` has run. */
  onEnd?(span: ReadableSpanLike): void
  /** A log record is being written; see `enricherLogProcessor`. */
  onLog?(record: EditableLogRecord, context: Context | undefined): void
  forceFlush?(): Promise<void>
  shutdown?(): Promise<void>
}

/** A SpanProcessor of either SDK line, by shape. */
export interface SpanProcessorLike {
  onStart(span: Span, parentContext: Context): void
  onEnding(span: Span): void
  onEnd(span: ReadableSpanLike): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

// On the span itself, so that it needs no clearing; a list of enrichers marks what it has seen by its own symbol.
type Marked = Record<symbol, true | undefined>

/**
 * One span processor that runs enrichers in the given order: the `onEnding` of all, then the `onEnd` of all.
 *
 * Hosts that never call `onEnding` (sdk-trace-base 2.0 to 2.2, `@vercel/otel`) get it done at the start of `onEnd`,
 * on the span's own attributes. A batch processor sees the result whatever its place, because it serialises later; a
 * simple (synchronous) one only when it is registered after this one.
 *
 * @example
 * new TracerProvider({ spanProcessors: [enricherProcessor([identityEnricher()]), new BatchSpanProcessor({ exporter })] })
 */
export function enricherProcessor(enrichers: readonly Enricher[]): SpanProcessorLike {
  const starting = stepsOf(enrichers, 'onStart')
  const ending = stepsOf(enrichers, 'onEnding')
  const ended = stepsOf(enrichers, 'onEnd')
  const seenEnding = Symbol('agentel.seen_ending')
  // Each span passes here: no function of its own for each guard, and no iterator.
  const runEnding = (span: EndingSpan): void => {
    for (let index = 0; index < ending.length; index++) {
      const step = ending[index]!
      try {
        step.enricher.onEnding!(span)
      } catch (fault) {
        recordFault(step.where, fault)
      }
    }
  }
  return {
    onStart(span, parentContext) {
      for (let index = 0; index < starting.length; index++) {
        const step = starting[index]!
        try {
          step.enricher.onStart!(span, parentContext)
        } catch (fault) {
          recordFault(step.where, fault)
        }
      }
    },
    onEnding(span) {
      if (ending.length === 0) return
      try {
        ;(span as unknown as Marked)[seenEnding] = true
      } catch (fault) {
        recordFault('processor.onEnding', fault)
      }
      runEnding(endingSpan(span as unknown as ReadableSpanLike, span))
    },
    onEnd(span) {
      if (ending.length > 0 && (span as unknown as Marked)[seenEnding] === undefined)
        runEnding(endingSpan(span, undefined))
      for (let index = 0; index < ended.length; index++) {
        const step = ended[index]!
        try {
          step.enricher.onEnd!(span)
        } catch (fault) {
          recordFault(step.where, fault)
        }
      }
    },
    forceFlush: () => all(enrichers, 'forceFlush'),
    shutdown: () => all(enrichers, 'shutdown'),
  }
}

function stepsOf(enrichers: readonly Enricher[], method: 'onStart' | 'onEnding' | 'onEnd') {
  return enrichers
    .filter((enricher) => enricher[method] !== undefined)
    .map((enricher) => ({ enricher, where: `${enricher.name}.${method}` }))
}

/** Waits for all; the failure of one is a fault of ours and keeps none of the others from being waited for. */
export async function all(
  enrichers: readonly { name: string; forceFlush?(): Promise<void>; shutdown?(): Promise<void> }[],
  method: 'forceFlush' | 'shutdown',
): Promise<void> {
  await Promise.all(enrichers.map((enricher) => guardPromise(`${enricher.name}.${method}`, () => enricher[method]?.())))
}
