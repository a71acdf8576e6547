import {
  type Enricher,
  type LogRecordProcessorLike,
  enricherLogProcessor,
  millisecondsOf,
} from '@agentel/processor-kit'
import { trace } from '@opentelemetry/api'
import { type AuditLog, type AuditLogOptions, openAuditLog } from './audit-log.ts'
import { AUDITED } from './audited-events.ts'
import { fieldsOf } from './event-fields.ts'
import { noteTold } from './told-spans.ts'

/** What of the log records is audited, and where to. */
export interface AuditEnricherOptions {
  readonly log: AuditLog
  /** The event names that are written; those in the README by default. */
  readonly events?: readonly string[]
}

/** As {@link AuditEnricherOptions}, with the file instead of a log that is open. */
export interface AuditProcessorOptions extends AuditLogOptions {
  readonly events?: readonly string[]
}

/**
 * Writes the events of agents to an audit log. Place it after redaction: what redaction takes away is not written.
 * Flushing waits for the file; shutting down does too, and closes the log.
 */
export function auditEnricher({ log, events }: AuditEnricherOptions): Enricher {
  const audited = new Set(events ?? AUDITED)
  return {
    name: 'audit',
    onLog(record, context) {
      const { eventName, attributes } = record
      if (eventName === undefined || !audited.has(eventName)) return
      const span = context === undefined ? undefined : trace.getSpan(context)
      const spanContext = span?.spanContext()
      log.append({
        event: eventName,
        time: record.hrTime && millisecondsOf(record.hrTime),
        severity: record.severityNumber,
        ...fieldsOf(attributes),
        trace: spanContext?.traceId,
        span: spanContext?.spanId,
        body: record.body,
      })
      if (span !== undefined) noteTold(span, log.file, eventName)
    },
    ...endingWith(log),
  }
}

/** Flushing waits for the file, if anything does; shutting down closes the log. */
export function endingWith(log: AuditLog): Required<Pick<Enricher, 'forceFlush' | 'shutdown'>> {
  return {
    async forceFlush() {
      if (log.counts().waiting > 0) await log.flush()
    },
    shutdown: () => log.close(),
  }
}

/**
 * A LogRecordProcessor, for either SDK line, that writes the events of agents to an audit log of its own.
 *
 * @example
 * new LoggerProvider({ processors: [redaction, auditLogProcessor({ file: 'audit.db' }), new BatchLogRecordProcessor({ exporter })] })
 */
export function auditLogProcessor({ events, ...options }: AuditProcessorOptions): LogRecordProcessorLike {
  const log = openAuditLog(options)
  return enricherLogProcessor([auditEnricher({ log, ...(events === undefined ? undefined : { events }) })])
}
