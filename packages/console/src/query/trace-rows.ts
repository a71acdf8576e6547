import { SPAN_TYPES } from '../store/codes.ts'
import type { SpanType } from '../api/contract.ts'
import type { Reader } from './reader.ts'
import { SUMMARY_COLUMNS, SUMMARY_WIDTH, summaryOf } from './trace-summary.ts'
import type { TraceSummary } from '../api/contract.ts'

/** A narrow row of `spans`. Names are `dict` numbers, times microseconds. */
export interface SpanRow {
  readonly id: string
  readonly parent: string
  readonly name: number
  readonly typeCode: number
  readonly type: SpanType
  readonly kind: number
  readonly serviceId: number
  readonly start: number
  readonly duration: number
  readonly status: number
  readonly agentId: number
  readonly modelId: number
  readonly toolId: number
  readonly errorTypeId: number
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cost: number | null
  readonly targetId: number
  readonly flags: number
}

/**
 * A trace's own number and its summary; undefined when the store has no such trace.
 * @param traceId 32 hex digits, or as many of the first ones (6 at least) as make it unique
 */
export function findTrace(reader: Reader, traceId: string): { tr: number; summary: TraceSummary } | undefined {
  if (!/^[0-9a-f]{6,32}$/.test(traceId)) return undefined
  const found = reader.rows(
    `SELECT ${SUMMARY_COLUMNS}, t.tr FROM traces t WHERE t.trace_id BETWEEN ? AND ? LIMIT 2`,
    Buffer.from(traceId.padEnd(32, '0'), 'hex'),
    Buffer.from(traceId.padEnd(32, 'f'), 'hex'),
  )
  const [row] = found
  return row === undefined || found.length > 1
    ? undefined
    : { tr: Number(row[SUMMARY_WIDTH]), summary: summaryOf(reader, row) }
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value)
}

/** All narrow rows of a trace. */
export function spanRows(reader: Reader, tr: number): SpanRow[] {
  return reader
    .rows(
      `SELECT lower(hex(span_id)), lower(hex(parent)), name, type, kind, service, start, duration, status, agent, model, tool, error_type, input_tokens,
        output_tokens, cost, target, flags FROM spans WHERE tr = ?`,
      tr,
    )
    .map((row) => ({
      id: row[0] as string,
      parent: row[1] as string,
      name: row[2] as number,
      typeCode: row[3] as number,
      type: SPAN_TYPES[row[3] as number] ?? 'other',
      kind: row[4] as number,
      serviceId: row[5] as number,
      start: row[6] as number,
      duration: row[7] as number,
      status: row[8] as number,
      agentId: row[9] as number,
      modelId: row[10] as number,
      toolId: row[11] as number,
      errorTypeId: row[12] as number,
      inputTokens: numberOrNull(row[13]),
      outputTokens: numberOrNull(row[14]),
      cost: numberOrNull(row[15]),
      targetId: row[16] as number,
      flags: row[17] as number,
    }))
}
