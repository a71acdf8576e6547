import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openOwnFile } from '@agentel/sqlite-file'

/** `normal` survives the end of the process, `full` a power cut too. */
export type Synchronous = 'normal' | 'full'

/** How long a question waits for another process's transaction. */
const READ_TIMEOUT_MS = 10_000
/** How long who writes waits: an erasure or a pruning of millions of rows takes minutes, and is no reason to stop. */
export const BUSY_TIMEOUT_MS = 300_000

const APPLICATION_ID = 0x61_67_61_75 // "agau"
const VERSION = 1

/**
 * `entries` is the chain; `contents` holds what can be erased, beside the three personal columns of `entries`.
 * `marks` holds where the chain begins (`anchor`, after rows were pruned) and ends (`head`).
 * Indexes go in the order of answers, then hold what else is asked for: rows that do not fit are passed over unread.
 */
const SCHEMA = `
  CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, event TEXT NOT NULL, severity INTEGER NOT NULL,
    agent TEXT, user TEXT, session TEXT, conversation TEXT, trace TEXT, span TEXT,
    content_hash BLOB NOT NULL, previous_hash BLOB NOT NULL, hash BLOB NOT NULL
  ) STRICT;
  CREATE TABLE contents (sequence INTEGER PRIMARY KEY, salt BLOB NOT NULL, payload TEXT NOT NULL) STRICT;
  CREATE TABLE marks (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
  CREATE INDEX entries_time ON entries (time);
  CREATE INDEX entries_event ON entries (event, time, sequence, agent, severity);
  CREATE INDEX entries_severity ON entries (severity, time, sequence, agent, event);
  CREATE INDEX entries_agent ON entries (agent, time, sequence, event, severity);
  CREATE INDEX entries_user ON entries (user, time) WHERE user IS NOT NULL;
  CREATE INDEX entries_session ON entries (session, time) WHERE session IS NOT NULL;
  CREATE INDEX entries_trace ON entries (trace, time) WHERE trace IS NOT NULL;
  CREATE INDEX entries_summary ON entries (event, agent, severity);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};`

/**
 * Opens the file for writing, and makes it when it is not there; several processes may. Deleted bytes are overwritten.
 * @throws Error when it cannot be opened, or is not an audit log of this version
 * @internal
 */
export function openForWriting(file: string, synchronous: Synchronous): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const db = openOwnFile(file, { patience: BUSY_TIMEOUT_MS })
  try {
    db.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY')
    if (synchronous === 'full') db.exec('PRAGMA synchronous = FULL')
    inTransaction(db, () => {
      if (tableCount(db) === 0) db.exec(SCHEMA)
    })
    checkVersion(db, file)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** The file has no table yet: another process is just making it. */
export class AuditNotBegunError extends Error {
  override readonly name = 'AuditNotBegunError'
}

/**
 * Opens the file for queries.
 * @throws AuditNotBegunError while its tables are being made
 * @throws Error when it is not there, or is not an audit log of this version
 * @internal
 */
export function openForReading(file: string): DatabaseSync {
  if (!existsSync(file)) throw new Error(`${file} is not there. Name the file that openAuditLog was given.`)
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    db.exec(`PRAGMA busy_timeout = ${READ_TIMEOUT_MS}; PRAGMA temp_store = MEMORY`)
    if (tableCount(db) === 0) throw new AuditNotBegunError(`${file} has no entry yet. Ask again in a moment.`)
    checkVersion(db, file)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/**
 * Runs `fn` alone: what it reads of the chain's end still holds when it writes, whatever other processes do.
 * @internal
 */
export function inTransaction<T>(db: DatabaseSync, fn: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = fn()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk has rolled back already; a second ROLLBACK would hide the first error.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function tableCount(db: DatabaseSync): number {
  return (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }).n
}

function checkVersion(db: DatabaseSync, file: string): void {
  const { application_id } = db.prepare('PRAGMA application_id').get() as { application_id: number }
  const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (application_id !== APPLICATION_ID) throw new Error(`${file} is no audit log. Choose another file.`)
  if (user_version !== VERSION) {
    throw new Error(
      `${file} is an audit log of format ${user_version}; this version of @agentel/audit reads ${VERSION}.`,
    )
  }
}
