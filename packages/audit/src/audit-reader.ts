import type { DatabaseSync } from 'node:sqlite'
import { openForReading } from './audit-file.ts'
import { type AuditEntry, type AuditFilter, type AuditSummary, queryEntries, summarise } from './query-entries.ts'
import { type Verification, type VerifyOptions, verifyChain } from './verify-chain.ts'

/** A log that is open for questions; other processes may write to it meanwhile. */
export interface AuditReader {
  /** The rows that pass the filter, the newest first. */
  query(filter?: AuditFilter): AuditEntry[]
  /** How many rows pass the filter: all, by event, by agent and by severity. */
  summary(filter?: AuditFilter): AuditSummary
  /** Reads the whole chain and says what is wrong with it. */
  verify(options?: VerifyOptions): Verification
  close(): void
}

/**
 * Opens an audit log for questions. They run in the calling thread.
 * @throws Error when the file is not there or is no audit log
 *
 * @example
 * const reader = openAuditReader('audit.db')
 * reader.query({ user: 'u1', event: ['agentel.tool.called', 'agentel.resource.accessed'], limit: 20 })
 */
export function openAuditReader(file: string): AuditReader {
  const db: DatabaseSync = openForReading(file)
  return {
    query: (filter = {}) => queryEntries(db, filter),
    summary: (filter = {}) => summarise(db, filter),
    verify: (options = {}) => verifyChain(db, options),
    close: () => db.close(),
  }
}
