import { createHash } from 'node:crypto'
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { encodeMessage } from '../otlp/encode.ts'
import { createInterner } from '../otlp/interner.ts'
import { MalformedOtlp } from '../otlp/malformed.ts'
import { LOGS, type Message, METRICS, TRACES } from '../otlp/messages.ts'
import { scanSpans } from '../otlp/scan-spans.ts'
import { createSpanPool } from '../otlp/scanned-span.ts'
import { openDictionary } from './dictionary.ts'
import { isForeignKey, readForeignSpans } from './foreign-spans.ts'
import { type Forgotten, forgetUser } from './forget-user.ts'
import { openLogWriter } from './log-writer.ts'
import { openMetricWriter } from './metric-writer.ts'
import type { ScannedBody } from './group-spans.ts'
import { lockForWriting, openForWriting } from './open-database.ts'
import { openRetention, type RetentionLimits } from './retention.ts'
import { openRollups } from './rollups.ts'
import { openScopeTable } from './scope-table.ts'
import { openSettler } from './settle.ts'
import { openSpanWriter } from './span-writer.ts'
import { openTextIndex } from './text-index.ts'
import { openTraceStates } from './trace-states.ts'

/** The signal of a body. */
export type Signal = 'traces' | 'metrics' | 'logs'

/** A request's body as it came, unpacked. */
export interface Body {
  readonly signal: Signal
  readonly encoding: 'protobuf' | 'json'
  readonly bytes: Buffer
}

/** What became of a body. `stored`: committed. `malformed`: its sender is at fault. `fault`: the store is; the sender may try again. */
export type BodyResult =
  | { readonly outcome: 'stored'; readonly items: number; readonly duplicates: number; readonly invalid: number }
  | { readonly outcome: 'malformed'; readonly reason: string }
  | { readonly outcome: 'fault'; readonly reason: string }

/** What a batch changed. */
export interface IngestReport {
  readonly results: readonly BodyResult[]
  /** Numbers of the traces that changed. */
  readonly traces: readonly number[]
  readonly logs: number
}

/** Options of the store. */
export interface StoreOptions extends RetentionLimits {
  readonly file: string
  /** Milliseconds between two looks for what is to be deleted; default 10,000. */
  readonly retainEvery?: number
  /** For tests: the most pages that the file may have, as if the disk ended there. */
  readonly maxPages?: number
}

/** The one writer of a file. All calls are synchronous; each batch is one transaction. */
export interface Store {
  /** `busy`: more is expected at once, so what only the full-text search needs may wait for it, or for {@link settle}. */
  ingest(bodies: readonly Body[], busy?: boolean): IngestReport
  /** Looks at quiet traces; returns the numbers of those that changed and whether more wait. */
  settle(now: number): { readonly traces: readonly number[]; readonly more: boolean }
  /** Deletes some of what is too old or too much; returns the number of deleted traces and whether more is to go. */
  retain(now: number): { readonly traces: number; readonly more: boolean }
  /** Deletes everything of a user, and overwrites it in the file. */
  forget(user: string): Forgotten
  close(): void
}

/** How long a body's hash is remembered, so that a sender's second try is not stored twice. */
const REMEMBERED_MS = 60 * 60 * 1000

const MESSAGES: Readonly<Record<Signal, Message>> = { traces: TRACES, metrics: METRICS, logs: LOGS }

type Prepared =
  | ({ readonly signal: 'traces' } & ScannedBody)
  | { readonly signal: 'logs' | 'metrics'; readonly bytes: Buffer }
  | { readonly signal: 'malformed'; readonly reason: string }

function asProtobuf(body: Body): Buffer {
  if (body.encoding === 'protobuf') return body.bytes
  let json: unknown
  try {
    json = JSON.parse(body.bytes.toString('utf8'))
  } catch (error) {
    throw new MalformedOtlp(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  return encodeMessage(MESSAGES[body.signal], json)
}

function describeFault(error: unknown, file: string): string {
  const code = (error as { errcode?: number }).errcode
  const text = error instanceof Error ? error.message : String(error)
  if (code !== undefined && (code & 0xff) === 13) {
    return `the disk (or the quota) of ${file} is full${freeSpace(file)}; free some space, or start with a smaller --max-size`
  }
  return `writing to ${file} failed: ${text}`
}

function freeSpace(file: string): string {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return ` (${Math.round((bavail * bsize) / 2 ** 20)} MiB free)`
  } catch {
    return ''
  }
}

interface Parts {
  readonly db: DatabaseSync
  readonly clear: () => void
}

/** Runs in a transaction; after a failure nothing of it is left, in the file and in memory. */
function transaction<T>({ db, clear }: Parts, run: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = run()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    clear()
    throw error
  }
}

function openOrUnlock(file: string, unlock: () => void): DatabaseSync {
  try {
    return openForWriting(file)
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * Opens the store for writing.
 * @throws when another store has the file open for writing, it is not ours, or a newer version wrote it.
 */
export function openStore(options: StoreOptions): Store {
  const unlock = lockForWriting(options.file)
  const db = openOrUnlock(options.file, unlock)
  if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`)
  const dictionary = openDictionary(db)
  const rollups = openRollups(db)
  const traces = openTraceStates(db, rollups)
  const scopes = openScopeTable(db)
  const text = openTextIndex(db)
  const spans = openSpanWriter({ db, dictionary, rollups, scopes, text, traces })
  const logs = openLogWriter(db, dictionary, scopes)
  const metrics = openMetricWriter(db, dictionary)
  const settler = openSettler(db, dictionary, rollups, traces)
  const retention = openRetention(db, options)
  const caches = [dictionary, rollups, traces, scopes, spans, text, logs, metrics, settler]
  const parts: Parts = { db, clear: () => caches.forEach((cache) => cache.clear()) }
  const intern = createInterner()
  const pool = createSpanPool()
  const remember = db.prepare('INSERT OR IGNORE INTO bodies VALUES(?, ?)')
  const forget = db.prepare('DELETE FROM bodies WHERE time < ?')
  const addCount = db.prepare(
    'INSERT INTO counters VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value',
  )

  const prepare = (body: Body): Prepared => {
    try {
      const bytes = asProtobuf(body)
      if (body.signal !== 'traces') return { signal: body.signal, bytes }
      const scopes = readForeignSpans(bytes, scanSpans(bytes, { intern, isForeign: isForeignKey, pool }))
      return { signal: 'traces', bytes, scopes, counts: { stored: 0, duplicates: 0, invalid: 0 } }
    } catch (error) {
      return { signal: 'malformed', reason: error instanceof Error ? error.message : String(error) }
    }
  }
  const isNew = (bytes: Buffer): boolean =>
    Number(remember.run(createHash('sha256').update(bytes).digest().subarray(0, 16), Date.now()).changes) === 1

  const writeOne = (item: Prepared): BodyResult => {
    if (item.signal === 'malformed') return { outcome: 'malformed', reason: item.reason }
    if (item.signal === 'traces') {
      const { stored, duplicates, invalid } = item.counts
      return { outcome: 'stored', items: stored, duplicates, invalid }
    }
    if (!isNew(item.bytes)) return { outcome: 'stored', items: 0, duplicates: 1, invalid: 0 }
    const writer = item.signal === 'logs' ? logs : metrics
    const items = writer.write(item.bytes)
    addCount.run(item.signal === 'logs' ? 'logs' : 'metricPoints', items)
    return { outcome: 'stored', items, duplicates: 0, invalid: 0 }
  }

  /** Logs and metrics are decoded while they are written, so a malformed one shows only then. */
  const writeAll = (bodies: readonly Body[], busy: boolean): IngestReport =>
    transaction(parts, () => {
      pool.takeBack()
      const prepared = bodies.map(prepare)
      const scanned = prepared.filter((item) => item.signal === 'traces')
      spans.write(scanned)
      if (scanned.length > 0)
        addCount.run(
          'spans',
          scanned.reduce((n, { counts }) => n + counts.stored, 0),
        )
      const results = prepared.map(writeOne)
      const changed = traces.flush()
      rollups.flush()
      if (!busy || text.isFull()) text.flush()
      for (const state of changed) settler.watch(state.tr, state.changed)
      const stored = bodies.reduce((n, { signal }, i) => {
        const result = results[i]!
        return signal === 'logs' && result.outcome === 'stored' ? n + result.items : n
      }, 0)
      return { results, traces: changed.map((state) => state.tr), logs: stored }
    })

  const writeAlone = (body: Body): IngestReport => {
    try {
      return writeAll([body], false)
    } catch (error) {
      if (error instanceof MalformedOtlp) {
        return { results: [{ outcome: 'malformed', reason: error.message }], traces: [], logs: 0 }
      }
      return { results: [{ outcome: 'fault', reason: describeFault(error, options.file) }], traces: [], logs: 0 }
    }
  }

  return {
    ingest(bodies, busy = false) {
      try {
        return writeAll(bodies, busy)
      } catch {
        // One body must not take the others with it: each gets a transaction, and an answer, of its own.
        const reports = bodies.map(writeAlone)
        return {
          results: reports.flatMap((report) => report.results),
          traces: reports.flatMap((report) => report.traces),
          logs: reports.reduce((n, report) => n + report.logs, 0),
        }
      }
    },
    settle(now) {
      return transaction(parts, () => {
        const more = settler.settleDue(now)
        const changed = traces.flush()
        rollups.flush()
        text.flush()
        forget.run(now - REMEMBERED_MS)
        return { traces: changed.map((state) => state.tr), more }
      })
    },
    retain(now) {
      const deleted = transaction(parts, () => {
        text.flush()
        return retention.deleteDue(now)
      })
      if (deleted.traces > 0) parts.clear()
      retention.giveBackSpace()
      return deleted
    },
    forget(user) {
      db.exec('PRAGMA secure_delete = ON')
      try {
        return transaction(parts, () => {
          text.flush()
          return forgetUser(db, user)
        })
      } finally {
        parts.clear()
        db.exec('PRAGMA secure_delete = FAST; PRAGMA wal_checkpoint(TRUNCATE)')
      }
    },
    close() {
      try {
        transaction(parts, () => text.flush())
      } catch {
        // The disk is full, say: the next process reads the chunks again.
      }
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      db.close()
      unlock()
    },
  }
}
