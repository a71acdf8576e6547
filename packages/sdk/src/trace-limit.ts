import { SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace'

/** Traces whose spans are counted at a time; the one that was begun longest ago is forgotten first. */
const MOST_TRACES = 10_000

/** A sampler that lets no trace grow without end. */
export interface TraceLimit {
  sampler: Sampler
  /** Spans that were not sampled for it. */
  dropped(): number
  /** Whether spans of this trace are left out. */
  isFull(traceId: string): boolean
}

/**
 * Samples at most `most` spans of a trace in this process: an agent in a loop must not fill the destination. What
 * comes after is dropped as the sampler drops, so that downstream and the children follow.
 */
export function limitTraces(delegate: Sampler, most: number): TraceLimit {
  const counts = new Map<string, number>()
  let dropped = 0
  const count = (traceId: string): number => {
    const before = counts.get(traceId)
    if (before === undefined && counts.size >= MOST_TRACES) {
      const [oldest] = counts.keys()
      if (oldest !== undefined) counts.delete(oldest)
    }
    counts.set(traceId, (before ?? 0) + 1)
    return (before ?? 0) + 1
  }
  const sampler: Sampler = {
    shouldSample(context, traceId, spanName, spanKind, attributes, links) {
      const result = delegate.shouldSample(context, traceId, spanName, spanKind, attributes, links)
      if (result.decision !== SamplingDecision.RECORD_AND_SAMPLED || count(traceId) <= most) return result
      dropped++
      return { ...result, decision: SamplingDecision.NOT_RECORD }
    },
    toString: () => `TraceLimit{${most},${delegate.toString()}}`,
  }
  return { sampler, dropped: () => dropped, isFull: (traceId) => (counts.get(traceId) ?? 0) > most }
}
