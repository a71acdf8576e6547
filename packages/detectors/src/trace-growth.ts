/**
 * Contexts grow along a trace: how much larger ln(input tokens) usually is at this position than at the first.
 * Without it a long run of one agent would look like a token blow-up of the next.
 */
export interface TraceGrowth {
  count: number[]
  mean: number[]
}

/** Values of a position that make it known. */
const KNOWN = 15
/** Values a position is learned from. */
const ENOUGH = 600
/** Growth of ln(tokens) assumed for each half doubling beyond the positions that are known. */
const UNKNOWN_GROWTH = 0.35

export function newTraceGrowth(): TraceGrowth {
  return { count: [], mean: [] }
}

/** Offset to take off; learns from the value. `position`: operations that the trace had before this one. */
export function growthAt(state: TraceGrowth, value: number, position: number): number {
  const bucket = Math.min(12, Math.floor(Math.log2(1 + position) * 2))
  const { count, mean } = state
  const known = mean.filter((_, b) => b <= bucket && (count[b] ?? 0) >= KNOWN)
  const offset = known.length > 0 ? known.at(-1)! - known[0]! : 0
  const last = count.findLastIndex((n) => (n ?? 0) >= KNOWN)
  const n = count[bucket] ?? 0
  if (n < ENOUGH) {
    count[bucket] = n + 1
    mean[bucket] = (mean[bucket] ?? 0) + (value - (mean[bucket] ?? 0)) / (n + 1)
  }
  return last >= 0 && bucket > last ? offset + (bucket - last) * UNKNOWN_GROWTH : offset
}
