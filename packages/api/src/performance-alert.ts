import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_PERFORMANCE_SIGNAL_NAME,
  ATTR_AGENTEL_PERFORMANCE_THRESHOLD,
  ATTR_AGENTEL_PERFORMANCE_VALUE,
  EVENT_AGENTEL_PERFORMANCE_ALERT,
} from '@agentel/semconv'
import { SEVERITY, emitEvent } from './log-events.ts'

/** A signal that crossed a threshold. */
export interface PerformanceAlert {
  /** `response.duration` */
  readonly signal: string
  /** In the signal's own unit. */
  readonly value: number
  readonly threshold: number
  readonly attributes?: Attributes
}

/** Records that something is slow or large: event `agentel.performance.alert`. */
export function recordPerformanceAlert({ signal, value, threshold, attributes }: PerformanceAlert): void {
  emitEvent(
    EVENT_AGENTEL_PERFORMANCE_ALERT,
    {
      [ATTR_AGENTEL_PERFORMANCE_SIGNAL_NAME]: signal,
      [ATTR_AGENTEL_PERFORMANCE_VALUE]: value,
      [ATTR_AGENTEL_PERFORMANCE_THRESHOLD]: threshold,
      ...attributes,
    },
    { severity: SEVERITY.WARN },
  )
}
