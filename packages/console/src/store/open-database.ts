import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy, openOwnFile } from '@agentel/sqlite-file'
import { migrate } from './schema.ts'

/**
 * Opens the store's file for its one writer, creating or migrating it.
 * `synchronous=NORMAL`: an acknowledged transaction survives a crash of the process; a power cut may lose the last ones.
 * @throws when the file cannot be opened, is not ours, or is newer than this version.
 */
export function openForWriting(file: string): DatabaseSync {
  const first = 'PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL'
  const db = openOwnFile(file, { patience: 5000, first })
  try {
    db.exec(`PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;
      PRAGMA journal_size_limit = 67108864`)
    migrate(db, file)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/**
 * Takes the file for this writer, until it lets go or its process ends. The lock is SQLite's own, on a small file beside it: the
 * store's file itself must stay open to readers.
 * @throws when another writer has it: two would not know of each other's figures.
 */
export function lockForWriting(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(`${file}.lock`)
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new Error(`${file} is in use by another console. Stop that one, or choose another file with --data.`, {
      cause: error,
    })
  }
  return () => lock.close()
}

/** Opens the store's file for queries. */
export function openForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true })
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY')
  return db
}
