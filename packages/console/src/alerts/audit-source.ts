import { existsSync } from 'node:fs'
import {
  type AuditEvent,
  type AuditLog,
  AuditNotBegunError,
  type AuditReader,
  openAuditLog,
  openAuditReader,
} from '@agentel/audit'

/** The audit log that the console shows, and to which it adds what people do in it. */
export interface AuditSource {
  readonly file: string
  /** undefined while there is no file, or no table in it yet. @throws when the file is no audit log */
  reader(): AuditReader | undefined
  append(event: AuditEvent): void
  close(): Promise<void>
}

/** Opens nothing before it is needed: the file may come later, from another process. */
export function auditSource(file: string): AuditSource {
  let reader: AuditReader | undefined
  let log: AuditLog | undefined
  return {
    file,
    reader() {
      if (reader !== undefined || !existsSync(file)) return reader
      try {
        reader = openAuditReader(file)
      } catch (error) {
        if (!(error instanceof AuditNotBegunError)) throw error
      }
      return reader
    },
    append(event) {
      log ??= openAuditLog({ file })
      log.append(event)
    },
    async close() {
      reader?.close()
      await log?.close()
    },
  }
}
