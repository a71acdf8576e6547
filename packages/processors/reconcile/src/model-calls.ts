/** Which spans have had a model call inside them. */
export interface ModelCalls {
  /** A model call has ended under this span. */
  add(parentSpanId: string): void
  /** Whether one has; asked once, at the end of the span, and forgotten then. */
  take(spanId: string): boolean
}

/** Remembers at most `limit` spans, the newest: those that never end must not fill the memory. */
export function rememberModelCalls(limit: number): ModelCalls {
  const parents = new Set<string>()
  return {
    add(parentSpanId) {
      parents.add(parentSpanId)
      if (parents.size <= limit) return
      const [oldest] = parents
      parents.delete(oldest!)
    },
    take: (spanId) => parents.size > 0 && parents.delete(spanId),
  }
}
