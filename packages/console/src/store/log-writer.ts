import { ATTR_GEN_AI_AGENT_NAME } from '@agentel/semconv'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AttributeValue } from '../api/contract.ts'
import { plainAttributes, plainValue, serviceOf } from '../otlp/attributes.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { encodeMessage } from '../otlp/encode.ts'
import { LOG_RECORD, LOGS, RESOURCE, SCOPE } from '../otlp/messages.ts'
import { addEntry, type ChunkBuilder, closeChunk, openChunk } from './chunk.ts'
import type { Dictionary } from './dictionary.ts'
import type { ScopeTable } from './scope-table.ts'

const CHUNK_BYTES = 64 * 1024
const MAX_INDEXED = 64 * 1024

/** Writes log records inside the caller's transaction; returns how many. */
export interface LogWriter {
  write(body: Buffer): number
  clear(): void
}

interface Context {
  readonly dictionary: Dictionary
  readonly scopes: ScopeTable
  readonly insertLog: StatementSync
  readonly insertChunk: StatementSync
  readonly insertText: StatementSync
  readonly chunk: ChunkBuilder
  texts: string[]
  nextChunk: number
}

/** Microseconds; when the record has no time, that of its observation, else now. */
function timeOf(record: OtlpObject): number {
  for (const nanos of [record.timeUnixNano, record.observedTimeUnixNano]) {
    const micros = Math.round(Number(nanos ?? 0) / 1000)
    if (micros > 0) return Math.min(micros, 2 ** 52)
  }
  return Date.now() * 1000
}

function idOf(hex: unknown, bytes: number): Buffer | null {
  return typeof hex === 'string' && hex.length === bytes * 2 && !/^0+$/.test(hex) ? Buffer.from(hex, 'hex') : null
}

/** The text of a record that the full-text index gets. */
export function searchableRecord(event: string, body: AttributeValue): string {
  const words = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body)
  return `${event} ${words.slice(0, MAX_INDEXED)}`
}

function closeLogChunk(c: Context): void {
  if (c.chunk.entries === 0) return
  const id = c.nextChunk++
  c.insertChunk.run(id, closeChunk(c.chunk))
  c.insertText.run(id, c.texts.join(' '))
  c.texts = []
}

function writeRecord(c: Context, record: OtlpObject, scope: number, service: number): void {
  const attributes = plainAttributes(record.attributes)
  const body = plainValue(record.body)
  const event = typeof record.eventName === 'string' ? record.eventName : ''
  const agent = attributes[ATTR_GEN_AI_AGENT_NAME]
  c.insertLog.run(
    timeOf(record),
    Number(record.severityNumber ?? 0),
    c.dictionary.id(event),
    service,
    c.dictionary.id(typeof agent === 'string' ? agent : ''),
    idOf(record.traceId, 16),
    idOf(record.spanId, 8),
    c.nextChunk,
    c.chunk.entries,
  )
  addEntry(c.chunk, scope, encodeMessage(LOG_RECORD, record))
  c.texts.push(searchableRecord(event, body))
  if (c.chunk.sink.pos >= CHUNK_BYTES) closeLogChunk(c)
}

function writeScope(c: Context, resourceLogs: OtlpObject, scopeLogs: OtlpObject): number {
  const resource = (resourceLogs.resource ?? {}) as OtlpObject
  const scope = c.scopes.id({
    resource: encodeMessage(RESOURCE, resource),
    scope: encodeMessage(SCOPE, scopeLogs.scope ?? {}),
    resourceSchema: Buffer.from(String(resourceLogs.schemaUrl ?? '')),
    scopeSchema: Buffer.from(String(scopeLogs.schemaUrl ?? '')),
  })
  const service = c.dictionary.id(serviceOf(resource))
  const records = (scopeLogs.logRecords ?? []) as OtlpObject[]
  for (const record of records) writeRecord(c, record, scope, service)
  return records.length
}

/** Opens the log tables for writing. */
export function openLogWriter(db: DatabaseSync, dictionary: Dictionary, scopes: ScopeTable): LogWriter {
  const last = db.prepare('SELECT max(id) AS n FROM log_chunks')
  const c: Context = {
    dictionary,
    scopes,
    insertLog: db.prepare(`INSERT INTO logs(time, severity, event, service, agent, trace_id, span_id, chunk, idx)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    insertChunk: db.prepare('INSERT INTO log_chunks VALUES(?, ?)'),
    insertText: db.prepare('INSERT INTO log_text(rowid, text) VALUES(?, ?)'),
    chunk: openChunk(),
    texts: [],
    nextChunk: Number(last.get()?.n ?? 0) + 1,
  }
  return {
    write(body) {
      let written = 0
      for (const resourceLogs of (decodeMessage(LOGS, body).resourceLogs ?? []) as OtlpObject[]) {
        for (const scopeLogs of (resourceLogs.scopeLogs ?? []) as OtlpObject[]) {
          written += writeScope(c, resourceLogs, scopeLogs)
        }
      }
      closeLogChunk(c)
      return written
    },
    clear() {
      c.chunk.sink.pos = 0
      c.chunk.entries = 0
      c.texts = []
      c.nextChunk = Number(last.get()?.n ?? 0) + 1
    },
  }
}
