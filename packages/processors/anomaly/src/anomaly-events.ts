import { ROOT_CONTEXT, TraceFlags, trace, type Attributes, type Context } from '@opentelemetry/api'
import { emitEvent, SEVERITY } from '@agentel/api'
import type { Incident, Severity } from '@agentel/detectors'
import {
  ATTR_AGENTEL_ANOMALY_DETECTOR,
  ATTR_AGENTEL_ANOMALY_EXPECTED_VALUE,
  ATTR_AGENTEL_ANOMALY_EXPLANATION,
  ATTR_AGENTEL_ANOMALY_OBSERVED_VALUE,
  ATTR_AGENTEL_ANOMALY_SCORE,
  ATTR_AGENTEL_ANOMALY_SEVERITY,
  ATTR_AGENTEL_ANOMALY_SIGNAL_NAME,
  ATTR_AGENTEL_ANOMALY_THRESHOLD,
  ATTR_AGENTEL_DURATION,
  ATTR_GEN_AI_AGENT_NAME,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_ANOMALY_ENDED,
} from '@agentel/semconv'

const SEVERITIES: Record<Severity, number> = {
  low: SEVERITY.INFO,
  medium: SEVERITY.WARN,
  high: SEVERITY.ERROR,
  critical: SEVERITY.FATAL,
}

/** The context of the span that made the anomaly known, so that the event leads to its trace. */
function exemplarOf({ first: { traceId, spanId } }: Incident): Context {
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED })
}

function attributesOf({ agent, first, score, severity, explanation }: Incident): Attributes {
  return {
    [ATTR_GEN_AI_AGENT_NAME]: agent,
    [ATTR_AGENTEL_ANOMALY_DETECTOR]: first.detector,
    [ATTR_AGENTEL_ANOMALY_SIGNAL_NAME]: first.signal,
    [ATTR_AGENTEL_ANOMALY_SCORE]: score,
    [ATTR_AGENTEL_ANOMALY_THRESHOLD]: first.threshold,
    [ATTR_AGENTEL_ANOMALY_OBSERVED_VALUE]: first.observed,
    [ATTR_AGENTEL_ANOMALY_EXPECTED_VALUE]: first.expected,
    [ATTR_AGENTEL_ANOMALY_SEVERITY]: severity,
    [ATTR_AGENTEL_ANOMALY_EXPLANATION]: explanation,
  }
}

/** One event when an incident begins, with its trace. */
export function emitDetected(incident: Incident): void {
  emitEvent(EVENT_AGENTEL_ANOMALY_DETECTED, attributesOf(incident), {
    severity: SEVERITIES[incident.severity],
    body: incident.explanation,
    timestamp: incident.startedAt,
    context: exemplarOf(incident),
  })
}

/** And one when it is over, with how long it took. */
export function emitEnded(incident: Incident): void {
  const endedAt = incident.endedAt ?? incident.startedAt
  const attributes = { ...attributesOf(incident), [ATTR_AGENTEL_DURATION]: (endedAt - incident.startedAt) / 1000 }
  const context = exemplarOf(incident)
  emitEvent(EVENT_AGENTEL_ANOMALY_ENDED, attributes, { severity: SEVERITY.INFO, timestamp: endedAt, context })
}
