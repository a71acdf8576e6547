import type { LogList, LogRecord } from '../api/contract.ts'
import { plainAttributes, plainValue } from '../otlp/attributes.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { LOG_RECORD } from '../otlp/messages.ts'
import { type ChunkEntry, readChunk } from '../store/chunk.ts'
import { BadQuery } from './bad-query.ts'
import { cursorOf, limitOf, numberOf, rangeOf, writeCursor } from './parameters.ts'
import type { Cells, Reader } from './reader.ts'
import { storedScope } from './stored-messages.ts'
import { parseText } from './text-search.ts'

const COLUMNS = 'id, time, severity, event, service, agent, trace_id, span_id, chunk, idx'
const MAX_OF_TRACE = 5000
const MAX_TEXT_CHUNKS = 2000

function orNull(text: string): string | null {
  return text === '' ? null : text
}

/** Decodes rows; each chunk is unpacked once. */
function logRecords(reader: Reader, rows: readonly Cells[]): LogRecord[] {
  const chunks = new Map<number, ChunkEntry[]>()
  const scopes = new Map<number, string | null>()
  const entryOf = (chunk: number, idx: number): ChunkEntry | undefined => {
    let entries = chunks.get(chunk)
    if (entries === undefined) {
      const data = reader.row('SELECT data FROM log_chunks WHERE id = ?', chunk)?.[0]
      entries = data instanceof Uint8Array ? readChunk(data) : []
      chunks.set(chunk, entries)
    }
    return entries[idx]
  }
  const scopeName = (id: number): string | null => {
    if (!scopes.has(id)) scopes.set(id, orNull(String(storedScope(reader, id).scope.name ?? '')))
    return scopes.get(id) ?? null
  }
  return rows.map(([id, time, severity, event, service, agent, traceId, spanId, chunk, idx]) => {
    const entry = entryOf(Number(chunk), Number(idx))
    const record: OtlpObject = entry === undefined ? {} : decodeMessage(LOG_RECORD, entry.bytes)
    return {
      id: Number(id),
      time: Number(time) / 1000,
      severity: Number(severity),
      severityText: orNull(String(record.severityText ?? '')),
      event: orNull(reader.text(Number(event))),
      body: plainValue(record.body),
      attributes: plainAttributes(record.attributes),
      service: orNull(reader.text(Number(service))),
      scope: entry === undefined ? null : scopeName(entry.scope),
      agent: orNull(reader.text(Number(agent))),
      traceId: traceId instanceof Uint8Array ? Buffer.from(traceId).toString('hex') : null,
      spanId: spanId instanceof Uint8Array ? Buffer.from(spanId).toString('hex') : null,
    }
  })
}

/** `GET /api/traces/{traceId}/logs`: oldest first. */
export function logsOfTrace(reader: Reader, traceId: string): LogList {
  const rows = reader.rows(
    `SELECT ${COLUMNS} FROM logs WHERE trace_id = ? ORDER BY time, id LIMIT ${MAX_OF_TRACE}`,
    Buffer.from(traceId, 'hex'),
  )
  return { range: null, logs: logRecords(reader, rows), nextCursor: null }
}

/** Logs written within one span, oldest first. */
export function logsOfSpan(reader: Reader, traceId: string, spanId: string): LogRecord[] {
  const rows = reader.rows(
    `SELECT ${COLUMNS} FROM logs WHERE trace_id = ? AND span_id = ? ORDER BY time, id LIMIT 500`,
    Buffer.from(traceId, 'hex'),
    Buffer.from(spanId, 'hex'),
  )
  return logRecords(reader, rows)
}

/** The newest records above an id, oldest of them first, for live updates. */
export function logsAfter(reader: Reader, id: number, limit: number): LogRecord[] {
  return logRecords(
    reader,
    reader.rows(`SELECT ${COLUMNS} FROM logs WHERE id > ? ORDER BY id DESC LIMIT ?`, id, limit),
  ).toReversed()
}

interface Filter {
  readonly sql: string
  readonly values: readonly (number | string | Buffer)[]
}

function filtersOf(reader: Reader, query: URLSearchParams): Filter[] {
  const filters: Filter[] = []
  const severity = numberOf(query, 'minSeverity')
  if (severity !== undefined) filters.push({ sql: 'severity >= ?', values: [severity] })
  for (const name of ['event', 'service', 'agent']) {
    const value = query.get(name)
    if (value !== null) filters.push({ sql: `${name} = ?`, values: [reader.idOf(value) ?? -1] })
  }
  const traceId = query.get('traceId')
  if (traceId !== null) {
    if (!/^[0-9a-f]{32}$/.test(traceId)) throw new BadQuery(`traceId=${traceId} is not 32 hexadecimal digits`)
    filters.push({ sql: 'trace_id = ?', values: [Buffer.from(traceId, 'hex')] })
  }
  const words = parseText(query.get('text') ?? '')
  if (words !== undefined) {
    const chunks = reader.rows(
      `SELECT rowid FROM log_text WHERE log_text MATCH ? ORDER BY rowid DESC LIMIT ${MAX_TEXT_CHUNKS}`,
      words.match,
    )
    const ids = JSON.stringify(chunks.map(([id]) => id))
    filters.push({ sql: 'chunk IN (SELECT value FROM json_each(?))', values: [ids] })
  }
  return filters
}

/** The index finds chunks; a chunk holds records that do not match. */
function hasWords(record: LogRecord, text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []
  const haystack = `${record.event ?? ''} ${typeof record.body === 'string' ? record.body : JSON.stringify(record.body)}`
  const lower = haystack.toLowerCase()
  return words.every((word) => lower.includes(word))
}

/** `GET /api/logs`: newest first. */
export function listLogs(reader: Reader, query: URLSearchParams): LogList {
  const range = rangeOf(query)
  const limit = limitOf(query, 100)
  const cursor = cursorOf(query)
  const filters = filtersOf(reader, query)
  if (cursor !== undefined) {
    if (cursor.length !== 2) throw new BadQuery('cursor is not one of this list')
    filters.push({ sql: '(time, id) < (?, ?)', values: [...cursor] })
  }
  const text = query.get('text') ?? ''
  const where = ['time >= ?', 'time < ?', ...filters.map((filter) => filter.sql)].join(' AND ')
  const values = [range.from * 1000, range.to * 1000, ...filters.flatMap((filter) => filter.values)]
  const rows = reader.rows(
    `SELECT ${COLUMNS} FROM logs WHERE ${where} ORDER BY time DESC, id DESC LIMIT ?`,
    ...values,
    (text === '' ? limit : limit * 10) + 1,
  )
  const found = logRecords(reader, rows)
  const matching = text === '' ? found : found.filter((record) => hasWords(record, text))
  const logs = matching.slice(0, limit)
  const last = logs.at(-1)
  return {
    range,
    logs,
    nextCursor: matching.length > limit && last ? writeCursor(Math.round(last.time * 1000), last.id) : null,
  }
}
