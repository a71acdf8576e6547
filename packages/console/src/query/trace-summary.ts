import type { TraceSummary } from '../api/contract.ts'
import { SPAN_TYPES, TRACE_STATUSES } from '../store/codes.ts'
import type { Cells, Reader } from './reader.ts'

/** Columns that {@link summaryOf} reads, of `traces t`. */
export const SUMMARY_COLUMNS = `t.trace_id, t.title, t.root_name, t.root_type, t.status, t.start, t.end, t.spans, t.errors,
  t.recovered, t.services, t.agents, t.models, t.tools, t.user, t.session, t.input_tokens, t.output_tokens, t.cost, t.priced,
  t.unpriced, t.error_span, t.error_name, t.error_type, t.error_message`

/** Number of columns in {@link SUMMARY_COLUMNS}. */
export const SUMMARY_WIDTH = 25

/** Hex of an id column. */
export function hexOf(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex') : ''
}

function names(reader: Reader, json: unknown): string[] {
  return (JSON.parse(String(json)) as number[]).map((id) => reader.text(id))
}

function orNull(text: string): string | null {
  return text === '' ? null : text
}

/** One row of the list. */
export function summaryOf(reader: Reader, row: Cells): TraceSummary {
  const [traceId, title, rootName, rootType, status, start, end, spans, errors, recovered] = row
  const [services, agents, models, tools, user, session, inputTokens, outputTokens, cost, priced] = row.slice(10)
  const [unpriced, errorSpan, errorName, errorType, errorMessage] = row.slice(20)
  const root = reader.text(Number(rootName))
  return {
    traceId: hexOf(traceId),
    title: (title as string | null) ?? (root || '(no root span yet)'),
    rootName: orNull(root),
    rootType: SPAN_TYPES[Number(rootType)] ?? 'other',
    status: TRACE_STATUSES[Number(status)] ?? 'open',
    startTime: Number(start) / 1000,
    duration: (Number(end) - Number(start)) / 1000,
    spans: Number(spans),
    errors: Number(errors),
    recovered: Number(recovered),
    services: names(reader, services),
    agents: names(reader, agents),
    models: names(reader, models),
    tools: names(reader, tools),
    user: orNull(reader.text(Number(user))),
    session: orNull(reader.text(Number(session))),
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
    cost: Number(priced) > 0 ? Number(cost) : null,
    unpriced: Number(unpriced),
    error:
      errorSpan === null
        ? null
        : {
            spanId: hexOf(errorSpan),
            name: reader.text(Number(errorName)),
            type: orNull(reader.text(Number(errorType))),
            message: errorMessage as string | null,
          },
  }
}

/** Summaries of these trace numbers, newest first. */
export function summariesOf(reader: Reader, traces: readonly number[]): TraceSummary[] {
  return reader
    .rows(
      `SELECT ${SUMMARY_COLUMNS} FROM json_each(?) j CROSS JOIN traces t ON t.tr = j.value ORDER BY t.start DESC`,
      JSON.stringify(traces),
    )
    .map((row) => summaryOf(reader, row))
}
