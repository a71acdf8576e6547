import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openOwnFile } from '@agentel/sqlite-file'
import type { Alert, AlertChange, Notification, Silence } from './alert.ts'
import type { SavedAlerts, SavedWatch } from './saved-alerts.ts'

/** Where alerts survive a restart, and where the processes of one machine agree on who tells. */
export interface AlertStore {
  /** What was saved last, by whichever process. */
  load(): SavedAlerts
  /**
   * Keeps open alerts and silences, and adds changes to the history, all or nothing. Alerts that this process saved
   * before and no longer has are deleted.
   */
  save(saved: Pick<SavedAlerts, 'watches' | 'silences'>, changes?: readonly AlertChange[]): void
  /**
   * What this process has to tell of its notifications: an alert that another process tells of already is left out, and
   * the end of one is told by the last process that had it.
   */
  claim(notifications: readonly Notification[]): Notification[]
  /** Says that this process still has these alerts; a process that no longer says so is taken for gone. */
  renew(alerts: readonly Alert[]): void
  close(): void
}

/** Options of {@link openAlertStore}. */
export interface AlertStoreOptions {
  /** The SQLite file; made when it is not there. */
  readonly file: string
  /** Changes that are kept; default 10,000. */
  readonly historySize?: number
  /** Milliseconds after which a process that has not renewed its alerts is taken for gone; default 120,000. */
  readonly lease?: number
  readonly now?: () => number
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS changes(id INTEGER PRIMARY KEY, change TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS watches(id TEXT PRIMARY KEY, watch TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS silences(id TEXT PRIMARY KEY, silence TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS holders(key TEXT NOT NULL, holder TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY(key, holder)) STRICT;`
const LOADED = 1000
/** So long another process's transaction is waited for, in the thread of the application. */
const PATIENCE_MS = 500

function parsed<T>(rows: readonly Record<string, unknown>[], column: string): T[] {
  return rows.map((row) => JSON.parse(String(row[column])) as T)
}

function openFile(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const db = openOwnFile(file, { patience: PATIENCE_MS })
  try {
    db.exec(SCHEMA)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** Runs `fn` in a transaction of its own: other processes see all of it or nothing. */
function alone<T>(db: DatabaseSync, fn: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = fn()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** The key under which processes agree on a piece of news. */
function keyOf(alert: Alert, { escalated }: Pick<Notification, 'escalated'>): string {
  return escalated === true ? `${alert.id}#escalated` : alert.id
}

/** Which process tells of an alert: rows of (alert, process, until when it counts). */
function openHolders(db: DatabaseSync, { lease = 120_000, now = Date.now }: AlertStoreOptions) {
  const self = `${process.pid}.${process.hrtime.bigint()}`
  const others = db.prepare('SELECT count(*) AS n FROM holders WHERE key = ? AND holder <> ? AND until > ?')
  const hold = db.prepare(
    'INSERT INTO holders VALUES(?, ?, ?) ON CONFLICT(key, holder) DO UPDATE SET until = excluded.until',
  )
  const letGo = db.prepare('DELETE FROM holders WHERE key IN (?, ?) AND holder = ?')
  const expire = db.prepare('DELETE FROM holders WHERE until <= ?')
  const heldByOthers = (key: string): boolean => Number(others.get(key, self, now())?.n) > 0
  return {
    /** Whether this process is the one to tell. */
    tells(alert: Alert, about: Notification): boolean {
      if (about.status === 'resolved') {
        letGo.run(alert.id, `${alert.id}#escalated`, self)
        return !heldByOthers(alert.id)
      }
      const key = keyOf(alert, about)
      const first = !heldByOthers(key)
      hold.run(key, self, now() + lease)
      return first
    },
    renew(alerts: readonly Alert[]): void {
      expire.run(now())
      for (const { id } of alerts) hold.run(id, self, now() + lease)
    },
    leaveAll: () => db.prepare('DELETE FROM holders WHERE holder = ?').run(self),
  }
}

/**
 * Opens a store of alerts. Several processes of one machine may share the file.
 * @throws Error when the file cannot be opened or is another program's.
 */
export function openAlertStore(options: AlertStoreOptions): AlertStore {
  const { file, historySize = 10_000 } = options
  const db = openFile(file)
  const holders = openHolders(db, options)
  const addChange = db.prepare('INSERT INTO changes(change) VALUES(?)')
  const trim = db.prepare('DELETE FROM changes WHERE id <= (SELECT max(id) FROM changes) - ?')
  const putWatch = db.prepare('INSERT OR REPLACE INTO watches VALUES(?, ?)')
  const dropWatch = db.prepare('DELETE FROM watches WHERE id = ?')
  let own = new Set<string>()
  return {
    load() {
      const watches = parsed<SavedWatch>(db.prepare('SELECT watch FROM watches').all(), 'watch')
      own = new Set(watches.map(({ id }) => id))
      const changes = db.prepare(`SELECT change FROM changes ORDER BY id DESC LIMIT ${LOADED}`).all()
      return {
        watches,
        silences: parsed<Silence>(db.prepare('SELECT silence FROM silences').all(), 'silence'),
        history: parsed<AlertChange>(changes, 'change').toReversed(),
      }
    },
    save({ watches, silences }, changes = []) {
      alone(db, () => {
        for (const change of changes) addChange.run(JSON.stringify(change))
        for (const watch of watches) putWatch.run(watch.id, JSON.stringify(watch))
        const kept = new Set(watches.map(({ id }) => id))
        for (const id of own) if (!kept.has(id)) dropWatch.run(id)
        db.exec('DELETE FROM silences')
        const put = db.prepare('INSERT INTO silences VALUES(?, ?)')
        for (const silence of silences) put.run(silence.id, JSON.stringify(silence))
        trim.run(historySize)
      })
      own = new Set(watches.map(({ id }) => id))
    },
    claim: (notifications) =>
      alone(db, () =>
        notifications
          .map((about) => ({ ...about, alerts: about.alerts.filter((alert) => holders.tells(alert, about)) }))
          .filter(({ alerts }) => alerts.length > 0),
      ),
    renew: (alerts) => alone(db, () => holders.renew(alerts)),
    close() {
      holders.leaveAll()
      db.close()
    },
  }
}
