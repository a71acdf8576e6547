import { type EventSpan, transactionStages } from '@agentel/analysis'
import { ATTR_AGENTEL_EVENT_ID, ATTR_ERROR_TYPE } from '@agentel/semconv'
import type { Transaction } from '../api/contract.ts'
import { plainAttributes } from '../otlp/attributes.ts'
import { WORK_DIMS } from '../store/codes.ts'
import { EVENT_STAGES } from '../store/work-writer.ts'
import type { Cells, Reader } from './reader.ts'
import { storedSpan } from './stored-messages.ts'
import { hexOf } from './trace-summary.ts'

/** Events of a transaction that are read; one that has more is a loop. */
const MAX_SPANS = 1000

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function eventSpan(
  reader: Reader,
  [tr, spanId, parent, name, start, duration, handled, stage, service, id]: Cells,
): EventSpan {
  const stored = storedSpan(reader, Number(tr), hexOf(spanId as never))?.span
  const attributes = plainAttributes(stored?.attributes)
  const status = stored?.status as { message?: unknown } | undefined
  return {
    spanId: hexOf(spanId as never),
    traceId: hexOf(id as never),
    parentSpanId: parent === null ? null : hexOf(parent as never),
    handled: Number(handled) === 1,
    stage: EVENT_STAGES[Number(stage)] ?? 'completed',
    type: reader.text(Number(name)),
    eventId: textOf(attributes[ATTR_AGENTEL_EVENT_ID]),
    service: textOf(reader.text(Number(service))),
    start: Number(start) / 1000,
    end: (Number(start) + Number(duration)) / 1000,
    errorType: textOf(attributes[ATTR_ERROR_TYPE]),
    message: textOf(status?.message),
  }
}

/** `GET /api/transactions/{id}`: the stages of one transaction in order; undefined when no event names it. */
export function transaction(reader: Reader, id: string): Transaction | undefined {
  const rows = reader.rows(
    `SELECT w.tr, w.span_id, w.parent, w.name, w.start, w.duration, w.handled, w.stage, w.service, t.trace_id
      FROM work w JOIN traces t ON t.tr = w.tr WHERE w.tx = ? AND w.dim = ? ORDER BY w.start LIMIT ?`,
    id,
    WORK_DIMS.event,
    MAX_SPANS + 1,
  )
  if (rows.length === 0) return undefined
  const spans = rows.slice(0, MAX_SPANS).map((row) => eventSpan(reader, row))
  const stages = transactionStages(spans)
  const start = Math.min(...spans.map((span) => span.start))
  const end = Math.max(...spans.map((span) => span.end))
  const count = (stage: Transaction['stages'][number]['stage']): number =>
    stages.filter((one) => one.stage === stage).length
  const counts = {
    published: count('published'),
    received: count('received'),
    completed: count('completed'),
    error: count('error'),
  }
  return { id, start, end, duration: end - start, counts, stages, exact: rows.length <= MAX_SPANS }
}
