import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrate } from './schema.ts'

/**
 * Opens the store's file for its one writer, creating or migrating it.
 * `synchronous=NORMAL`: an acknowledged transaction survives a crash of the process; a power cut may lose the last ones.
 * @throws when the file cannot be opened, is not ours, or is newer than this version.
 */
export function openForWriting(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(file)
  try {
    db.exec(`PRAGMA busy_timeout = 5000; PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;
      PRAGMA journal_size_limit = 67108864`)
    migrate(db, file)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** Opens the store's file for queries. */
export function openForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true })
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY')
  return db
}
