/** At most so many a second, and as many at once after a quiet second. */
export interface RateLimit {
  /** Whether one more is allowed now; it then counts. */
  take(): boolean
}

/** A token bucket. `now` is a clock in milliseconds. */
export function rateLimit(perSecond: number, now: () => number = Date.now): RateLimit {
  const capacity = perSecond > 0 ? Math.max(1, perSecond) : 0
  let tokens = capacity
  let before = now()
  return {
    take() {
      const time = now()
      tokens = Math.min(capacity, tokens + (Math.max(0, time - before) / 1000) * perSecond)
      before = time
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
