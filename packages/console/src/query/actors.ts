import type { ActorList } from '../api/contract.ts'
import { cursorOf, limitOf, rangeOf, writeCursor } from './parameters.ts'
import type { Reader } from './reader.ts'

/** `GET /api/users` and `GET /api/sessions`: those with a trace in the window, the last active first. */
export function listActors(reader: Reader, kind: 'user' | 'session', query: URLSearchParams): ActorList {
  const range = rangeOf(query)
  const limit = limitOf(query, 50)
  const offset = cursorOf(query)?.[0] ?? 0
  const rows = reader.rows(
    `SELECT ${kind}, count(*), sum(status = 2), min(start), max(end), sum(input_tokens), sum(output_tokens), sum(cost), sum(priced),
       sum(unpriced) FROM traces WHERE start >= ? AND start < ? AND ${kind} <> 0 GROUP BY ${kind}
     ORDER BY max(end) DESC LIMIT ? OFFSET ?`,
    range.from * 1000,
    range.to * 1000,
    limit + 1,
    offset,
  )
  return {
    range,
    rows: rows.slice(0, limit).map((row) => ({
      id: reader.text(Number(row[0])),
      traces: Number(row[1]),
      failedTraces: Number(row[2]),
      firstSeen: Number(row[3]) / 1000,
      lastSeen: Number(row[4]) / 1000,
      inputTokens: Number(row[5]),
      outputTokens: Number(row[6]),
      cost: Number(row[8]) > 0 ? Number(row[7]) : null,
      unpriced: Number(row[9]),
    })),
    nextCursor: rows.length > limit ? writeCursor(offset + limit) : null,
  }
}
