import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { guard } from '@agentel/api'
import { ATTR_CODE_FILE_PATH, ATTR_CODE_FUNCTION_NAME, ATTR_CODE_LINE_NUMBER } from '@agentel/semconv'
import { findCaller } from './caller.ts'
import type { AgentelConfig } from './generated/config-fields.ts'
import { openLogFile } from './log-file.ts'
import { jsonLine, type LoggedRecord, textLine } from './log-lines.ts'
import { severityOf } from './severities.ts'

type Logging = AgentelConfig['logging']

/** A record without a severity counts as one that informs. */
const UNSET = 9

const nothing = async (): Promise<void> => {}

interface Settable {
  setAttribute(key: string, value: unknown): unknown
}

/** Says on each record from where in the application it comes; before redaction, and before anything exports it. */
export function callerProcessor(): LogRecordProcessor {
  return {
    onEmit(record) {
      guard('sdk.caller', () => {
        const caller = findCaller()
        if (caller === undefined) return
        const settable = record as Settable
        settable.setAttribute(ATTR_CODE_FILE_PATH, caller.file)
        settable.setAttribute(ATTR_CODE_LINE_NUMBER, caller.line)
        if (caller.function !== undefined) settable.setAttribute(ATTR_CODE_FUNCTION_NAME, caller.function)
      })
    },
    forceFlush: nothing,
    shutdown: nothing,
  }
}

/** Appends records to a file; after redaction. What waits when the process ends is written then. */
export function fileProcessor(file: string, { level, maxFileSizeMb, backupCount, json }: Logging): LogRecordProcessor {
  const log = openLogFile({ file, maxBytes: maxFileSizeMb * 1e6, backups: backupCount })
  const least = severityOf(level)
  const lineOf = json ? jsonLine : textLine
  process.on('exit', log.flushNow)
  return {
    onEmit(record) {
      guard('sdk.logFile', () => {
        const logged = record as unknown as LoggedRecord
        const severity = logged.severityNumber ?? UNSET
        if (severity >= least) log.write(lineOf(logged, severity))
      })
    },
    forceFlush: log.flush,
    async shutdown() {
      await log.flush()
      process.removeListener('exit', log.flushNow)
    },
  }
}
