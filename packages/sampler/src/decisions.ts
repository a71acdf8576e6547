/** What was decided about the latest traces. */
export interface Decisions {
  has(traceId: string): boolean
  /** Why a trace was kept; undefined: it was not, or is not known. */
  get(traceId: string): string | undefined
  set(traceId: string, reason: string | undefined): void
}

/**
 * Remembers decisions about the latest traces: at least half of `most`, at most `most`. In two generations, the older
 * of which is forgotten at once: taking out the oldest entry of a map costs the more the more were taken out before it
 * (10 to 60 µs with 10,000 entries).
 */
export function rememberDecisions(most: number): Decisions {
  let older = new Map<string, string | undefined>()
  let newer = new Map<string, string | undefined>()
  return {
    has: (traceId) => newer.has(traceId) || older.has(traceId),
    get: (traceId) => newer.get(traceId) ?? older.get(traceId),
    set(traceId, reason) {
      if (newer.size >= most / 2) {
        older = newer
        newer = new Map()
      }
      newer.set(traceId, reason)
    },
  }
}
