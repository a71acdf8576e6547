import type { SpanKind } from '@opentelemetry/api'
import { ATTR_AGENTEL_SPAN_TYPE } from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'

/** A span for what no other concept names. */
export interface CustomSpanOptions extends SpanOptions {
  /** Span name; low cardinality. */
  readonly name: string
  /** Your own kind of operation: `render`. */
  readonly type?: string
  /** INTERNAL by default. */
  readonly kind?: SpanKind
}

const concept = defineConcept<CustomSpanOptions>({
  key: 'name',
  describe: ({ name, kind, type = 'custom' }) => ({ name, kind, attributes: { [ATTR_AGENTEL_SPAN_TYPE]: type } }),
})

/**
 * A span of your own, with the same care for its end.
 *
 * @example
 * const page = await span({ name: 'render report', type: 'render' }, () => render(report))
 */
export const span: Runner<CustomSpanOptions, Handle> = concept.run
/** Starts a span by hand; see {@link span}. */
export const startSpan: Starter<CustomSpanOptions, Handle> = concept.start
/** Makes every call of a function a span; see {@link span}. */
export const wrapSpan: Wrapper<CustomSpanOptions> = concept.wrap
