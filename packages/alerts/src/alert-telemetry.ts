import { metrics } from '@opentelemetry/api'
import { emitEvent, guard, SEVERITY } from '@agentel/api'
import {
  ATTR_AGENTEL_ALERT_ACTOR,
  ATTR_AGENTEL_ALERT_CHANNEL,
  ATTR_AGENTEL_ALERT_RULE_NAME,
  ATTR_AGENTEL_ALERT_RUNBOOK_URL,
  ATTR_AGENTEL_ALERT_SEVERITY,
  ATTR_AGENTEL_ALERT_STATE,
  ATTR_AGENTEL_ALERT_THRESHOLD,
  ATTR_AGENTEL_ALERT_VALUE,
  ATTR_ERROR_TYPE,
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  METRIC_AGENTEL_ALERT_ACTIVE,
  METRIC_AGENTEL_ALERT_NOTIFICATIONS,
} from '@agentel/semconv'
import { alertSentence } from './notification-text.ts'
import type { AlertTelemetry } from './start-alerts.ts'
import type { Severity } from './rule.ts'

const severityNumbers: Readonly<Record<Severity, number>> = {
  info: SEVERITY.INFO,
  warning: SEVERITY.WARN,
  error: SEVERITY.ERROR,
  critical: SEVERITY.FATAL,
}

/** The event of a changed state, and the instruments of open alerts and of notifications. */
export function alertTelemetry(): AlertTelemetry {
  const meter = metrics.getMeter('@agentel/alerts')
  const open = meter.createUpDownCounter(METRIC_AGENTEL_ALERT_ACTIVE, { unit: '{alert}' })
  const notifications = meter.createCounter(METRIC_AGENTEL_ALERT_NOTIFICATIONS, { unit: '{notification}' })
  return {
    changed({ alert, from, actor, at }) {
      guard('alerts.changed', () => {
        const about = { [ATTR_AGENTEL_ALERT_RULE_NAME]: alert.rule, [ATTR_AGENTEL_ALERT_SEVERITY]: alert.severity }
        if (from !== undefined) open.add(-1, { ...about, [ATTR_AGENTEL_ALERT_STATE]: from })
        if (alert.state !== 'resolved') open.add(1, { ...about, [ATTR_AGENTEL_ALERT_STATE]: alert.state })
        const attributes = {
          ...about,
          [ATTR_AGENTEL_ALERT_STATE]: alert.state,
          [ATTR_AGENTEL_ALERT_VALUE]: alert.value,
          [ATTR_AGENTEL_ALERT_THRESHOLD]: alert.threshold,
          [ATTR_AGENTEL_ALERT_RUNBOOK_URL]: alert.runbook,
          [ATTR_AGENTEL_ALERT_ACTOR]: actor,
        }
        emitEvent(EVENT_AGENTEL_ALERT_STATE_CHANGED, attributes, {
          severity: severityNumbers[alert.severity],
          timestamp: at,
          body: alertSentence(alert),
        })
      })
    },
    notified(channel, errorType) {
      guard('alerts.notified', () =>
        notifications.add(1, {
          [ATTR_AGENTEL_ALERT_CHANNEL]: channel,
          ...(errorType === undefined ? undefined : { [ATTR_ERROR_TYPE]: errorType }),
        }),
      )
    },
  }
}
