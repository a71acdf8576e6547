/** What a span says of an event: its publishing or its handling. Times are milliseconds. */
export interface EventSpan {
  readonly spanId: string
  readonly traceId: string
  readonly parentSpanId: string | null
  /** Whether it is a handling; else a publishing. */
  readonly handled: boolean
  /** Its stage at its end: `published`, `completed`, `error`, or `received` when it was given back to the bus. */
  readonly stage: EventStage
  readonly type: string
  readonly eventId: string | null
  readonly service: string | null
  readonly start: number
  readonly end: number
  readonly errorType: string | null
  readonly message: string | null
}

/** A stage in the life of an event. */
export type EventStage = 'published' | 'received' | 'completed' | 'error'

/** One stage that an event of a transaction reached. */
export interface TransactionStage {
  readonly stage: EventStage
  readonly type: string
  readonly eventId: string | null
  readonly service: string | null
  /** When it was reached, milliseconds since the epoch. */
  readonly time: number
  /**
   * Milliseconds that led to it: putting it on the bus for `published`, waiting since then for `received` (null when
   * the publishing is not known), the handler's work for `completed` and `error`.
   */
  readonly duration: number | null
  readonly error: { readonly type: string; readonly message: string | null } | null
  readonly traceId: string
  readonly spanId: string
}

const ORDER: readonly EventStage[] = ['published', 'received', 'completed', 'error']

function errorOf({ errorType, message }: EventSpan): TransactionStage['error'] {
  return { type: errorType ?? '_OTHER', message }
}

function stagesOf(span: EventSpan, publishings: ReadonlyMap<string, EventSpan>): TransactionStage[] {
  const { spanId, traceId, type, eventId, service, stage, start, end } = span
  const shared = { type, eventId, service, traceId, spanId }
  const duration = end - start
  const error = stage === 'error' ? errorOf(span) : null
  if (!span.handled) return [{ ...shared, stage, time: end, duration, error }]
  const publishing = publishings.get(`${traceId} ${span.parentSpanId}`)
  // Clocks of two machines differ: nothing waits less than no time.
  const waited = publishing === undefined ? null : Math.max(0, start - publishing.end)
  const received = { ...shared, stage: 'received', time: start, duration: waited, error: null } as const
  return stage === 'received' ? [received] : [received, { ...shared, stage, time: end, duration, error }]
}

/** The stages of the events of one transaction, in the order in which they were reached. */
export function transactionStages(spans: readonly EventSpan[]): TransactionStage[] {
  const publishings = new Map(
    spans.filter(({ handled }) => !handled).map((span) => [`${span.traceId} ${span.spanId}`, span]),
  )
  return spans
    .flatMap((span) => stagesOf(span, publishings))
    .toSorted((a, b) => a.time - b.time || ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage))
}
