import {
  ATTR_AGENTEL_SECURITY_EVENT_OUTCOME,
  ATTR_AGENTEL_SECURITY_EVENT_SEVERITY,
  ATTR_AGENTEL_SECURITY_EVENT_TYPE,
  EVENT_AGENTEL_SECURITY_EVENT,
} from '@agentel/semconv'
import type { Attributes } from '@opentelemetry/api'
import { SEVERITY, emitEvent } from './log-events.ts'

/** Something that concerns security. */
export interface SecurityEvent {
  /** `prompt_injection`, `data_exfiltration`, … */
  readonly type: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** What came of it: `blocked`, `detected`, … */
  readonly outcome?: string
  readonly attributes?: Attributes
}

const SEVERITIES = { low: SEVERITY.WARN, medium: SEVERITY.WARN2, high: SEVERITY.ERROR, critical: SEVERITY.FATAL }

/** Records a security event: `agentel.security.event`, WARN to FATAL by its severity. */
export function recordSecurityEvent({ type, severity, outcome, attributes }: SecurityEvent): void {
  emitEvent(
    EVENT_AGENTEL_SECURITY_EVENT,
    {
      [ATTR_AGENTEL_SECURITY_EVENT_TYPE]: type,
      [ATTR_AGENTEL_SECURITY_EVENT_SEVERITY]: severity,
      [ATTR_AGENTEL_SECURITY_EVENT_OUTCOME]: outcome,
      ...attributes,
    },
    { severity: SEVERITIES[severity] ?? SEVERITY.WARN },
  )
}
