import { cleanFaultsBy } from '@agentel/api'
import type { Attributes, Link } from '@opentelemetry/api'
import type { EndingSpan, Enricher, TimedEventLike } from '@agentel/processor-kit'
import { ATTR_AGENTEL_REDACTION_COUNT, ATTR_AGENTEL_REDACTION_RULES } from '@agentel/semconv'
import type { RedactionOptions } from './options.ts'
import { createRedactor, DROPPED, type Redactor, type Tally } from './redactor.ts'

interface Editable {
  readonly attributes: Readonly<Attributes>
  setAttribute(key: string, value: unknown): void
  deleteAttribute(key: string): void
}

function redactAttributes(redactor: Redactor, target: Editable, tally: Tally): void {
  const { attributes } = target
  for (const name in attributes) {
    const value = attributes[name]
    const redacted = redactor.attribute(name, value, tally)
    if (redacted === DROPPED) target.deleteAttribute(name)
    else if (redacted !== value) target.setAttribute(name, redacted)
  }
}

function redactNested(redactor: Redactor, span: EndingSpan, holder: TimedEventLike | Link, tally: Tally): void {
  const { attributes } = holder
  if (attributes === undefined) return
  for (const name of Object.keys(attributes)) {
    const redacted = redactor.attribute(name, attributes[name], tally)
    if (redacted !== attributes[name])
      span.setNestedAttribute(holder, name, redacted === DROPPED ? undefined : redacted)
  }
}

/** Names of spans are few: this many that hold nothing are remembered. */
const MOST_NAMES = 100

function redactName(redactor: Redactor, span: EndingSpan, tally: Tally, clean: Set<string>): void {
  const { name } = span
  if (clean.has(name)) return
  const redacted = redactor.text(name, tally)
  if (redacted !== name) span.rename(redacted)
  else {
    if (clean.size >= MOST_NAMES) clean.clear()
    clean.add(name)
  }
}

function redactSpan(redactor: Redactor, span: EndingSpan, tally: Tally, cleanNames: Set<string>): void {
  redactAttributes(redactor, span, tally)
  redactName(redactor, span, tally, cleanNames)
  const { message } = span.status
  if (message !== undefined) {
    const redacted = redactor.text(message, tally)
    if (redacted !== message) span.setStatusMessage(redacted)
  }
  for (const event of span.events) {
    redactNested(redactor, span, event, tally)
    const eventName = redactor.text(event.name, tally)
    // Events are plain objects of the span's own in both SDK lines; only their type says that they are fixed.
    if (eventName !== event.name) (event as { name: string }).name = eventName
  }
  for (const link of span.links) redactNested(redactor, span, link, tally)
}

function note(target: Editable, tally: Tally): void {
  if (tally.count === 0) return
  target.setAttribute(ATTR_AGENTEL_REDACTION_COUNT, tally.count)
  target.setAttribute(ATTR_AGENTEL_REDACTION_RULES, [...tally.rules].toSorted())
}

/** The tally of a span or record; dropped attributes count too. */
function newTally(): Tally {
  return { count: 0, rules: new Set() }
}

/**
 * Takes secrets and personal data out of spans and log records before any exporter sees them: attributes, events,
 * links, status, names, bodies. Put it after the enrichers that add attributes and before those that only read.
 *
 * @throws {RedactionOptionError} when an option is wrong
 * @example
 * const redaction = redactionEnricher({ rules: { ip: false } })
 * new TracerProvider({ spanProcessors: [enricherProcessor([redaction]), exporting] })
 * new LoggerProvider({ processors: [enricherLogProcessor([redaction]), exportingLogs] })
 */
export function redactionEnricher(options: RedactionOptions = {}): Enricher {
  const redactor = createRedactor(options)
  cleanFaultsBy((text) => redactor.text(text, newTally()))
  /** Most spans hold nothing, and leave it as it is for the next one. */
  let unused: Tally | undefined
  const cleanNames = new Set<string>()
  return {
    name: 'redaction',
    onEnding(span) {
      const tally = unused ?? newTally()
      unused = undefined
      redactSpan(redactor, span, tally, cleanNames)
      if (tally.count === 0) unused = tally
      else note(span, tally)
    },
    onLog(record) {
      const tally = newTally()
      redactAttributes(redactor, record, tally)
      if (record.body !== undefined && record.body !== null) {
        const body = redactor.attribute('body', record.body, tally)
        if (body !== record.body) record.setBody(body === DROPPED ? undefined : body)
      }
      note(record, tally)
    },
  }
}
