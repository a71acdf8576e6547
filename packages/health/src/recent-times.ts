/** What the window of a {@link RecentTimes} holds. */
export interface RecentSummary {
  readonly count: number
  readonly failed: number
  /** How many of the newest failed in a row. */
  readonly failedInARow: number
  /** 95th percentile of the durations in ms; of nothing, 0. */
  readonly p95: number
}

/** The newest runs of something: when they ended, how long they took, whether they failed. Of fixed size. */
export interface RecentTimes {
  add(at: number, ms: number, failed: boolean): void
  /** Those that ended at `since` (ms since the epoch) or later. */
  summary(since: number): RecentSummary
}

/** @param size how many are kept */
export function recentTimes(size: number): RecentTimes {
  const [ends, durations] = [new Float64Array(size), new Float64Array(size)]
  const failures = new Uint8Array(size)
  let added = 0
  return {
    add(at, ms, failed) {
      const slot = added++ % size
      ends[slot] = at
      durations[slot] = ms
      failures[slot] = failed ? 1 : 0
    },
    summary(since) {
      const within: number[] = []
      let [failed, failedInARow, unbroken] = [0, 0, true]
      for (let back = 1; back <= Math.min(added, size); back++) {
        const slot = (added - back) % size
        if (ends[slot]! < since) continue
        within.push(durations[slot]!)
        failed += failures[slot]!
        unbroken &&= failures[slot] === 1
        if (unbroken) failedInARow++
      }
      const sorted = within.toSorted((a, b) => a - b)
      const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
      return { count: within.length, failed, failedInARow, p95 }
    },
  }
}
