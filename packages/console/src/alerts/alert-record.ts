import { type AlertChange, alertSentence } from '@agentel/alerts'
import {
  ATTR_AGENTEL_ALERT_ACTOR,
  ATTR_AGENTEL_ALERT_RULE_NAME,
  ATTR_AGENTEL_ALERT_RUNBOOK_URL,
  ATTR_AGENTEL_ALERT_SEVERITY,
  ATTR_AGENTEL_ALERT_STATE,
  ATTR_AGENTEL_ALERT_THRESHOLD,
  ATTR_AGENTEL_ALERT_VALUE,
  ATTR_SERVICE_NAME,
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
} from '@agentel/semconv'

const SEVERITY_NUMBERS = { info: 9, warning: 13, error: 17, critical: 21 } as const

function attribute(key: string, value: string | number | undefined): object[] {
  if (value === undefined) return []
  return [{ key, value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value } }]
}

/** A changed alert as a log record in OTLP/JSON, the same event that an application's own evaluator writes. */
export function alertRecord({ alert, actor, at }: AlertChange): string {
  const record = {
    timeUnixNano: `${BigInt(Math.round(at)) * 1_000_000n}`,
    severityNumber: SEVERITY_NUMBERS[alert.severity],
    severityText: alert.severity,
    eventName: EVENT_AGENTEL_ALERT_STATE_CHANGED,
    body: { stringValue: alertSentence(alert) },
    attributes: [
      ...attribute(ATTR_AGENTEL_ALERT_RULE_NAME, alert.rule),
      ...attribute(ATTR_AGENTEL_ALERT_SEVERITY, alert.severity),
      ...attribute(ATTR_AGENTEL_ALERT_STATE, alert.state),
      ...attribute(ATTR_AGENTEL_ALERT_VALUE, alert.value),
      ...attribute(ATTR_AGENTEL_ALERT_THRESHOLD, alert.threshold),
      ...attribute(ATTR_AGENTEL_ALERT_RUNBOOK_URL, alert.runbook),
      ...attribute(ATTR_AGENTEL_ALERT_ACTOR, actor),
    ],
  }
  const resource = { attributes: attribute(ATTR_SERVICE_NAME, 'agentel-console') }
  const scope = { name: '@agentel/console' }
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] })
}
