import { millisecondsOf } from '@agentel/processor-kit'
import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import { SEVERITIES } from './severities.ts'

/** A log record as the SDK's processors see it, by shape. */
export interface LoggedRecord {
  readonly hrTime: readonly [number, number]
  readonly severityNumber?: number | undefined
  readonly severityText?: string | undefined
  readonly eventName?: string | undefined
  readonly body?: unknown
  readonly attributes: Readonly<Record<string, unknown>>
  readonly spanContext?: { readonly traceId: string; readonly spanId: string } | undefined
  readonly resource: { readonly attributes: Readonly<Record<string, unknown>> }
}

function nameOf(severity: number): string {
  return SEVERITIES.findLast(([, from]) => severity >= from)?.[0] ?? 'TRACE'
}

function timeOf(hrTime: LoggedRecord['hrTime']): string {
  return new Date(millisecondsOf(hrTime)).toISOString()
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return String(text).replaceAll(/\r?\n/g, String.raw`\n`)
}

/** A record as one line of JSON, without what it does not have. */
export function jsonLine(record: LoggedRecord, severity: number): string {
  const { hrTime, eventName, body, attributes, spanContext, resource } = record
  return `${JSON.stringify({
    time: timeOf(hrTime),
    severity: nameOf(severity),
    event: eventName,
    body,
    service: resource.attributes[ATTR_SERVICE_NAME],
    traceId: spanContext?.traceId,
    spanId: spanContext?.spanId,
    attributes,
  })}\n`
}

/** A record as one line to read: time, severity, event, body, `name=value`. */
export function textLine(record: LoggedRecord, severity: number): string {
  const { hrTime, eventName, body, attributes, spanContext } = record
  const parts = [timeOf(hrTime), nameOf(severity).padEnd(5)]
  if (eventName !== undefined) parts.push(eventName)
  if (body !== undefined) parts.push(textOf(body))
  for (const [key, value] of Object.entries(attributes)) parts.push(`${key}=${textOf(value)}`)
  if (spanContext !== undefined) parts.push(`trace=${spanContext.traceId}`)
  return `${parts.join(' ')}\n`
}
