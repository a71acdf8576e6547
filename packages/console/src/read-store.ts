import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { openAlertStore } from '@agentel/alerts'
import { auditSource } from './alerts/audit-source.ts'
import { restingAlerts } from './alerts/console-alerts.ts'
import { alertsFileOf, auditFileOf } from './alerts/open-alerts.ts'
import { findRoute } from './api/routes.ts'
import { defaultDataFile } from './default-data-file.ts'
import { openReader } from './query/reader.ts'
import type { RuntimeStatus } from './query/status.ts'
import { openForReading } from './store/open-database.ts'
import { checkSchema } from './store/schema.ts'
import { VERSION } from './version.ts'

export { defaultDataFile }

/** The API over a store's file, without a server. Reads only; a console may write to the file meanwhile. */
export interface StoreFile {
  /**
   * The answer to a GET of the API.
   * @param address path and query, e.g. `/api/traces?from=-1h`
   * @throws when the API has no such path, the store no such thing, or a parameter is wrong
   */
  answer(address: string): unknown
  close(): void
}

function restingStatus(file: string): RuntimeStatus {
  return {
    version: VERSION,
    startTime: Date.now(),
    endpoints: { http: '', grpc: null },
    file,
    fault: null,
    maxAge: null,
    maxErrorAge: null,
    keepShare: 0,
    maxMetricAge: null,
    maxBytes: null,
    received: {
      spans: 0,
      logs: 0,
      metricPoints: 0,
      spansPerSecond: 0,
      requests: 0,
      bytes: 0,
      duplicates: 0,
      rejected: {},
    },
    liveClients: 0,
  }
}

/**
 * Opens a store's file for questions.
 * @throws when it is not there, not ours, or of another version.
 */
export function openStoreFile(file: string): StoreFile {
  if (!existsSync(file)) throw new Error(`${file} is not there. Give the file of a console's store with --data.`)
  const reader = openReader(file)
  try {
    checkSchema(reader.db, file)
  } catch (error) {
    reader.close()
    throw error
  }
  const audit = auditSource(auditFileOf(file))
  const alerts = restingAlerts(() => {
    const kept = alertsFileOf(file)
    return existsSync(kept) ? openAlertStore({ file: kept }) : undefined
  })
  return {
    answer(address) {
      const url = new URL(address, 'http://store')
      const found = findRoute(url.pathname)
      if (found === undefined) throw new Error(`the API has no ${url.pathname}`)
      const answer = found.entry.answer({
        reader,
        query: url.searchParams,
        path: found.path,
        runtime: () => restingStatus(file),
        alerts,
        audit,
      })
      if (answer === undefined) throw new Error(`${url.pathname} is not in the store`)
      return answer
    },
    close() {
      reader.close()
      void audit.close()
    },
  }
}

/**
 * Copies a store's file while a console may write to it: what was committed when it began, compact.
 * @throws when the store is not there or not ours, or the target exists.
 */
export function backupStore(file: string, target: string): void {
  openStoreFile(file).close()
  if (existsSync(target)) throw new Error(`${target} is there already; a backup overwrites nothing.`)
  closeSync(openSync(target, 'a', 0o600)) // Prompts and answers are nobody else's.
  const db = openForReading(file)
  try {
    db.prepare('VACUUM INTO ?').run(target)
  } catch (error) {
    rmSync(target, { force: true })
    throw error
  } finally {
    db.close()
  }
}
