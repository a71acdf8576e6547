import { type Enricher, type SpanProcessorLike, enricherProcessor } from '@agentel/processor-kit'
import { type AuditEnricherOptions, type AuditProcessorOptions, endingWith } from './audit-enricher.ts'
import { openAuditLog } from './audit-log.ts'
import { AUDITED } from './audited-events.ts'
import { fieldsOf } from './event-fields.ts'
import { spanEvents } from './span-events.ts'
import { isTold } from './told-spans.ts'

/**
 * Writes to an audit log what the ends of spans tell of: tasks, decisions, messages, tool and model calls, exceptions.
 * What a log record about the same span has written to the same file is not written again. Place it after redaction.
 * Flushing waits for the file; shutting down does too, and closes the log.
 */
export function auditSpanEnricher({ log, events }: AuditEnricherOptions): Enricher {
  const audited = new Set(events ?? AUDITED)
  return {
    name: 'audit',
    onEnd(span) {
      const { traceId, spanId } = span.spanContext()
      for (const { attributes, ...told } of spanEvents(span)) {
        if (!audited.has(told.event) || isTold(span, log.file, told.event)) continue
        log.append({ ...told, ...fieldsOf(attributes), trace: traceId, span: spanId })
      }
    },
    ...endingWith(log),
  }
}

/**
 * A SpanProcessor, for either SDK line, that writes what spans tell of agents to an audit log of its own: for an
 * application without a LoggerProvider, and for spans about which nobody writes log records. It may stand beside
 * `auditLogProcessor` of the same file; each event is written once.
 *
 * @example
 * new TracerProvider({ spanProcessors: [redaction, auditSpanProcessor({ file: 'audit.db' }), new BatchSpanProcessor({ exporter })] })
 */
export function auditSpanProcessor({ events, ...options }: AuditProcessorOptions): SpanProcessorLike {
  const log = openAuditLog(options)
  return enricherProcessor([auditSpanEnricher({ log, ...(events === undefined ? undefined : { events }) })])
}
