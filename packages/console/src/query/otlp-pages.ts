import type { OtlpPage } from '../api/contract.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { LOG_RECORD } from '../otlp/messages.ts'
import { readChunk } from '../store/chunk.ts'
import { BadQuery } from './bad-query.ts'
import { metricPage } from './metric-export.ts'
import { cursorOf, limitOf, rangeOf, writeCursor } from './parameters.ts'
import type { Reader } from './reader.ts'
import { storedScope, storedSpans } from './stored-messages.ts'

const TRACES_A_PAGE = 20
const LOGS_A_PAGE = 500

interface Stored {
  readonly scope: number
  readonly message: OtlpObject
}

/** Puts messages back under their resources and scopes. */
export function underScopes(
  reader: Reader,
  stored: Iterable<Stored>,
  [outer, inner, leaf]: readonly [outer: string, inner: string, leaf: string],
): OtlpObject {
  const groups = Map.groupBy(stored, ({ scope }) => scope)
  const list = [...groups].map(([id, messages]): OtlpObject => {
    const { resource, scope, resourceSchema, scopeSchema } = storedScope(reader, id)
    const scoped = { scope, [leaf]: messages.map(({ message }) => message), schemaUrl: scopeSchema }
    return { resource, [inner]: [scoped], schemaUrl: resourceSchema }
  })
  return { [outer]: list }
}

/** Names of a trace request's levels. */
export const SPANS_UNDER = ['resourceSpans', 'scopeSpans', 'spans'] as const
const LOGS_UNDER = ['resourceLogs', 'scopeLogs', 'logRecords'] as const

function tracePage(reader: Reader, query: URLSearchParams): OtlpPage {
  const { from, to } = rangeOf(query)
  const [start = from * 1000, tr = 0] = cursorOf(query) ?? []
  const limit = limitOf(query, TRACES_A_PAGE)
  const rows = reader.rows(
    'SELECT tr, start FROM traces WHERE (start, tr) > (?, ?) AND start <= ? ORDER BY start, tr LIMIT ?',
    start,
    tr,
    to * 1000,
    limit,
  )
  const spans = rows.flatMap(([number]) =>
    [...storedSpans(reader, Number(number))].map(({ span, scope }): Stored => ({ scope, message: span })),
  )
  const last = rows.length === limit ? rows.at(-1) : undefined
  return {
    otlp: underScopes(reader, spans, SPANS_UNDER),
    items: spans.length,
    nextCursor: last === undefined ? null : writeCursor(Number(last[1]), Number(last[0])),
  }
}

function logPage(reader: Reader, query: URLSearchParams): OtlpPage {
  const { from, to } = rangeOf(query)
  const [after = 0] = cursorOf(query) ?? []
  const limit = limitOf(query, LOGS_A_PAGE)
  const rows = reader.rows(
    'SELECT id, chunk, idx FROM logs WHERE id > ? AND time BETWEEN ? AND ? ORDER BY id LIMIT ?',
    after,
    from * 1000,
    to * 1000,
    limit,
  )
  const records: Stored[] = []
  for (const [chunk, inChunk] of Map.groupBy(rows, (row) => Number(row[1]))) {
    const data = reader.row('SELECT data FROM log_chunks WHERE id = ?', chunk)?.[0]
    const entries = data instanceof Uint8Array ? readChunk(data) : []
    for (const [, , idx] of inChunk) {
      const entry = entries[Number(idx)]
      if (entry !== undefined) records.push({ scope: entry.scope, message: decodeMessage(LOG_RECORD, entry.bytes) })
    }
  }
  const last = rows.length === limit ? rows.at(-1) : undefined
  return {
    otlp: underScopes(reader, records, LOGS_UNDER),
    items: records.length,
    nextCursor: last === undefined ? null : writeCursor(Number(last[0])),
  }
}

/** `GET /api/otlp/{signal}`: what was received in a window; traces and logs oldest first, as they were sent. */
export function otlpPage(reader: Reader, signal: string, query: URLSearchParams): OtlpPage {
  if (signal === 'traces') return tracePage(reader, query)
  if (signal === 'logs') return logPage(reader, query)
  if (signal === 'metrics') return metricPage(reader, query)
  throw new BadQuery(`/api/otlp/${signal}: give traces, logs or metrics`)
}
