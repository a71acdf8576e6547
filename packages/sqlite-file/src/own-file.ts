import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/** Options of {@link openOwnFile}. */
export interface OwnFileOptions {
  /** Milliseconds for which the calling thread waits for other processes, in opening and in every statement after it. */
  readonly patience: number
  /** SQL that only has an effect on a file that is still empty: its page size, for one. */
  readonly first?: string
}

/**
 * Opens a SQLite file for writing, and makes it when it is not there; its folder must be. It is its user's alone to read,
 * keeps a write-ahead log, and loses nothing that was committed when its process is killed (`synchronous=NORMAL`).
 * Processes may open a new file at the same moment.
 *
 * @throws when the file cannot be opened, is no database, or others keep it busy for longer than `patience`
 * @throws Error when this Node has no SQLite
 */
export function openOwnFile(path: string, { patience, first = '' }: OwnFileOptions): DatabaseSync {
  // Loaded by those alone who have such a file.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined
  if (sqlite === undefined) throw new Error(`${path}: this Node has no node:sqlite; use Node 22.15 or newer`)
  // SQLite gives the files that it puts beside it the same mode.
  closeSync(openSync(path, 'a', 0o600))
  const database = new sqlite.DatabaseSync(path, { timeout: patience })
  try {
    database.exec(first)
    useWal(database, patience)
    database.exec('PRAGMA synchronous = NORMAL')
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** Whether it is SQLite's word for: another process has the file. */
export function isBusy(error: unknown): boolean {
  return (error as { errcode?: number } | undefined)?.errcode === SQLITE_BUSY
}

/**
 * Of two that open a new file at the same moment, SQLite tells one at once that it is locked, without its own patience:
 * each would wait for the other.
 */
function useWal(database: DatabaseSync, patience: number): void {
  const until = performance.now() + patience
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
  }
}
