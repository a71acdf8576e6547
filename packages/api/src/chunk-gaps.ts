import type { Span } from '@opentelemetry/api'

/** A symbol of the registry, so that copies of this package share it; on the span, so that it lives as long as that. */
const CHUNK_GAPS = Symbol.for('agentel.chunk_gaps')

/**
 * Leaves the times between a stream's output chunks (seconds, one per chunk after the first) with the span of the
 * call, for the processor that makes a distribution of them. They are no attribute and are never exported.
 */
export function setChunkGaps(span: Span, gaps: readonly number[]): void {
  ;(span as { [CHUNK_GAPS]?: readonly number[] })[CHUNK_GAPS] = gaps
}

/** The times between the output chunks of the call that this span stands for, in seconds; `undefined` if not streamed. */
export function getChunkGaps(span: object): readonly number[] | undefined {
  return (span as { [CHUNK_GAPS]?: readonly number[] })[CHUNK_GAPS]
}
