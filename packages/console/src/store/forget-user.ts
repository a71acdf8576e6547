import { ATTR_USER_ID } from '@agentel/semconv'
import type { DatabaseSync } from 'node:sqlite'
import { plainAttributes, plainValue } from '../otlp/attributes.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { LOG_RECORD } from '../otlp/messages.ts'
import { addEntry, closeChunk, openChunk, readChunk } from './chunk.ts'
import { FACET_DIMS, ROLLUP_DIMS } from './codes.ts'
import { openTraceDeleter } from './delete-traces.ts'
import { searchableRecord } from './log-writer.ts'

/** What was taken away. */
export interface Forgotten {
  readonly traces: number
  readonly logs: number
  readonly metricSeries: number
}

type Numbers = readonly number[]

function numbersOf(db: DatabaseSync, sql: string, ...values: (number | string)[]): Numbers {
  return db
    .prepare(sql)
    .all(...values)
    .map((row) => Number(Object.values(row)[0]))
}

/** A chunk without the records that are to go; the others keep their order and get new places. */
function rewriteChunk(
  db: DatabaseSync,
  chunk: number,
  data: Uint8Array,
  gone: (record: OtlpObject) => boolean,
): number {
  const kept = openChunk()
  const texts: string[] = []
  const move = db.prepare('UPDATE logs SET idx = ? WHERE chunk = ? AND idx = ?')
  const drop = db.prepare('DELETE FROM logs WHERE chunk = ? AND idx = ?')
  let dropped = 0
  readChunk(data).forEach(({ scope, bytes }, idx) => {
    const record = decodeMessage(LOG_RECORD, bytes)
    if (gone(record)) {
      drop.run(chunk, idx)
      dropped++
      return
    }
    const place = addEntry(kept, scope, bytes)
    if (place !== idx) move.run(place, chunk, idx)
    texts.push(searchableRecord(String(record.eventName ?? ''), plainValue(record.body)))
  })
  if (dropped === 0) return 0
  db.prepare('DELETE FROM log_text WHERE rowid = ?').run(chunk)
  if (texts.length === 0) db.prepare('DELETE FROM log_chunks WHERE id = ?').run(chunk)
  else {
    db.prepare('UPDATE log_chunks SET data = ? WHERE id = ?').run(closeChunk(kept), chunk)
    db.prepare('INSERT INTO log_text(rowid, text) VALUES(?, ?)').run(chunk, texts.join(' '))
  }
  return dropped
}

/** Deletes the records of these traces, and those that name the user themselves. */
function forgetLogs(db: DatabaseSync, user: string, traceIds: ReadonlySet<string>): number {
  const data = db.prepare('SELECT data FROM log_chunks WHERE id = ?')
  const gone = (record: OtlpObject): boolean =>
    traceIds.has(String(record.traceId ?? '')) || plainAttributes(record.attributes)[ATTR_USER_ID] === user
  let dropped = 0
  for (const chunk of numbersOf(db, 'SELECT id FROM log_chunks ORDER BY id')) {
    const bytes = data.get(chunk)?.data
    if (bytes instanceof Uint8Array) dropped += rewriteChunk(db, chunk, bytes, gone)
  }
  return dropped
}

function forgetMetrics(db: DatabaseSync, user: string): number {
  const series = numbersOf(
    db,
    'SELECT id FROM series WHERE EXISTS (SELECT 1 FROM json_each(attributes) WHERE key = ? AND value = ?)',
    ATTR_USER_ID,
    user,
  )
  const points = db.prepare('DELETE FROM points WHERE series = ?')
  const row = db.prepare('DELETE FROM series WHERE id = ?')
  for (const id of series) {
    points.run(id)
    row.run(id)
  }
  return series.length
}

/** Whether a string is still some name of what is left; then it stays, as that. */
function isUsed(db: DatabaseSync, id: number): boolean {
  const { all: _all, type: _type, trace: _trace, user: _user, session: _session, ...named } = ROLLUP_DIMS
  const lists = ['agents', 'models', 'tools', 'services']
  const inLists = lists.map((list) => `EXISTS (SELECT 1 FROM json_each(traces.${list}) WHERE value = ?1)`)
  const row = db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM spans WHERE ?1 IN (name, service, agent, model, tool, error_type, target))
        OR EXISTS (SELECT 1 FROM traces WHERE ?1 IN (root_name, root_service, user, session, error_name, error_type) OR ${inLists.join(' OR ')})
        OR EXISTS (SELECT 1 FROM work WHERE ?1 IN (name, service))
        OR EXISTS (SELECT 1 FROM logs WHERE ?1 IN (event, service, agent))
        OR EXISTS (SELECT 1 FROM series WHERE service = ?1)
        OR EXISTS (SELECT 1 FROM trace_facets WHERE key = ?1)
        OR EXISTS (SELECT 1 FROM rollups WHERE service = ?1 OR (key = ?1 AND dim IN (${Object.values(named).join(',')}))) AS used`,
    )
    .get(id)
  return Number(row?.used) === 1
}

/**
 * Deletes everything of a user, inside the caller's transaction: each trace in which the user occurs, whole; log records of
 * those traces or with the user's id; metric series with the id; the hourly figures of the user and of sessions that nobody
 * else has; and the id itself. Figures that name nobody (totals, by agent, by model) stay.
 */
export function forgetUser(db: DatabaseSync, user: string): Forgotten {
  const id = db.prepare('SELECT id FROM dict WHERE text = ?').get(user)?.id
  const key = id === undefined ? -1 : Number(id)
  const numbers = numbersOf(
    db,
    'SELECT tr FROM trace_facets WHERE dim = ?1 AND key = ?2 UNION SELECT tr FROM traces WHERE user = ?2',
    FACET_DIMS.user,
    key,
  )
  const find = db.prepare('SELECT trace_id, session FROM traces WHERE tr = ?')
  const rows = numbers.map((tr) => find.get(tr))
  const traceIds = new Set(rows.map((row) => Buffer.from((row?.trace_id ?? []) as Uint8Array).toString('hex')))
  const sessions = new Set(rows.map((row) => Number(row?.session ?? 0)).filter((session) => session !== 0))
  openTraceDeleter(db)(numbers)
  const logs = forgetLogs(db, user, traceIds)
  const metricSeries = forgetMetrics(db, user)
  const dropRollups = db.prepare('DELETE FROM rollups WHERE dim = ? AND key = ?')
  const rename = db.prepare('UPDATE dict SET text = ? WHERE id = ?')
  const erase = (number: number): void => {
    if (!isUsed(db, number)) rename.run(`erased ${number}`, number)
  }
  dropRollups.run(ROLLUP_DIMS.user, key)
  const shared = db.prepare('SELECT 1 FROM traces WHERE session = ? LIMIT 1')
  for (const session of sessions) {
    if (shared.get(session) !== undefined) continue
    dropRollups.run(ROLLUP_DIMS.session, session)
    erase(session)
  }
  if (key !== -1) erase(key)
  // Deleted words stay in the index's segments until those are merged.
  db.exec("INSERT INTO span_text(span_text) VALUES('optimize'); INSERT INTO log_text(log_text) VALUES('optimize')")
  return { traces: numbers.length, logs, metricSeries }
}
