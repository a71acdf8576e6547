import {
  type Enricher,
  type LogRecordProcessorLike,
  enricherLogProcessor,
  millisecondsOf,
} from '@agentel/processor-kit'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_ANOMALY_ENDED,
  EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
  EVENT_AGENTEL_DECISION,
  EVENT_AGENTEL_FEEDBACK_LOW_RATING,
  EVENT_AGENTEL_GUARDRAIL_RESULT,
  EVENT_AGENTEL_HEALTH_CHANGED,
  EVENT_AGENTEL_MESSAGE_RECEIVED,
  EVENT_AGENTEL_MESSAGE_SENT,
  EVENT_AGENTEL_PERFORMANCE_ALERT,
  EVENT_AGENTEL_REQUEST,
  EVENT_AGENTEL_RESOURCE_ACCESSED,
  EVENT_AGENTEL_RESPONSE,
  EVENT_AGENTEL_SECURITY_EVENT,
  EVENT_AGENTEL_SECURITY_VALIDATION,
  EVENT_AGENTEL_STATE_CHANGED,
  EVENT_AGENTEL_TASK_COMPLETED,
  EVENT_AGENTEL_TASK_FAILED,
  EVENT_AGENTEL_TASK_STARTED,
  EVENT_AGENTEL_TOOL_CALLED,
  EVENT_AGENTEL_TOOL_CALL_DECISION,
  EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '@agentel/semconv'
import { type Attributes, trace } from '@opentelemetry/api'
import { type AuditLog, type AuditLogOptions, openAuditLog } from './audit-log.ts'

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

const AUDITED = [
  EVENT_AGENTEL_TASK_STARTED,
  EVENT_AGENTEL_TASK_COMPLETED,
  EVENT_AGENTEL_TASK_FAILED,
  EVENT_AGENTEL_DECISION,
  EVENT_AGENTEL_MESSAGE_SENT,
  EVENT_AGENTEL_MESSAGE_RECEIVED,
  EVENT_AGENTEL_REQUEST,
  EVENT_AGENTEL_RESPONSE,
  EVENT_AGENTEL_TOOL_CALLED,
  EVENT_AGENTEL_TOOL_CALL_DECISION,
  EVENT_AGENTEL_GUARDRAIL_RESULT,
  EVENT_AGENTEL_STATE_CHANGED,
  EVENT_AGENTEL_RESOURCE_ACCESSED,
  EVENT_AGENTEL_PERFORMANCE_ALERT,
  EVENT_AGENTEL_SECURITY_EVENT,
  EVENT_AGENTEL_SECURITY_VALIDATION,
  EVENT_AGENTEL_HEALTH_CHANGED,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_ANOMALY_ENDED,
  EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  EVENT_AGENTEL_FEEDBACK_LOW_RATING,
  EVENT_GEN_AI_EVALUATION_RESULT,
  EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION,
]

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
      const span = context === undefined ? undefined : trace.getSpanContext(context)
      const { [ATTR_USER_ID]: _user, [ATTR_SESSION_ID]: _session, ...others } = attributes
      log.append({
        event: eventName,
        time: record.hrTime && millisecondsOf(record.hrTime),
        severity: record.severityNumber,
        agent: textOf(attributes, ATTR_GEN_AI_AGENT_NAME),
        user: textOf(attributes, ATTR_USER_ID),
        session: textOf(attributes, ATTR_SESSION_ID),
        conversation: textOf(attributes, ATTR_GEN_AI_CONVERSATION_ID),
        trace: span?.traceId,
        span: span?.spanId,
        attributes: others,
        body: record.body,
      })
    },
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

function textOf(attributes: Readonly<Attributes>, key: string): string | undefined {
  const value = attributes[key]
  return value === undefined ? undefined : String(value)
}
