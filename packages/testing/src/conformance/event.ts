import { findEvent } from '@agentel/semconv/registry'
import type { EventDefinition } from '@agentel/semconv/registry'
import { checkAttributes, checkRequired, isOurs } from './attributes.ts'
import type { ConformanceOptions, Say } from './finding.ts'

/** What the checker needs of a log record; those of both SDK lines fit. */
export interface CheckedLogRecord {
  readonly eventName?: string | undefined
  readonly severityNumber?: number | undefined
  readonly attributes: Readonly<Record<string, unknown>>
}

/** The first number of each severity in OpenTelemetry's log model. */
const severityNumbers: Readonly<Record<NonNullable<EventDefinition['severity']>, number>> = {
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
  FATAL: 21,
}

/** Checks an event. Log records that are no events, and events under other names, are not looked at. */
export function checkEvent(record: CheckedLogRecord, options: ConformanceOptions, say: Say): void {
  const { eventName, attributes } = record
  if ('event.name' in attributes) say('event_name_attribute', 'event.name is an attribute; it belongs in eventName')
  if (eventName === undefined || !isOurs(eventName)) return
  const definition = findEvent(eventName)
  if (definition === undefined) return say('unregistered', `event ${eventName} is not in the registry`)
  if (definition.deprecated !== undefined) say('deprecated', 'event is deprecated')
  checkAttributes(attributes, options, true, say)
  checkRequired(definition.attributes, attributes, options, say)
  checkSeverity(record, definition, say)
}

/** Our own events at WARN are those whose severity goes by what happened: for them any severity will do. */
function checkSeverity({ severityNumber }: CheckedLogRecord, { name, severity }: EventDefinition, say: Say): void {
  if (severity === undefined || (severity === 'WARN' && name.startsWith('agentel.'))) return
  const wanted = severityNumbers[severity]
  if (severityNumber !== wanted) say('severity', `severity is ${severityNumber}, not ${wanted} (${severity})`)
}
