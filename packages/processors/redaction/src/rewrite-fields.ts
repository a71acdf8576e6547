import type { TimedEventLike } from '@agentel/processor-kit'
import { ATTR_AGENTEL_REDACTION_COUNT, ATTR_AGENTEL_REDACTION_RULES } from '@agentel/semconv'
import type { Attributes, Link, SpanStatus } from '@opentelemetry/api'
import { DROPPED, type Tally } from './redactor.ts'

/** What of a span or a log record may be replaced. */
export interface Fields {
  name?: string
  body?: unknown
  status?: SpanStatus
  attributes?: Attributes
  events?: readonly TimedEventLike[]
  links?: readonly Link[]
}

/** Gives what stands in the place of names, texts and values. */
export interface Rewriter {
  /** Of a span or an event. */
  name(text: string, tally: Tally): string
  text(text: string, tally: Tally): string
  /** `body` is the name of a log record's body. */
  attribute(name: string, value: unknown, tally: Tally): unknown
}

function rewriteAttributes(by: Rewriter, attributes: Attributes, tally: Tally): Attributes {
  let copy: Attributes | undefined
  for (const name of Object.keys(attributes)) {
    const value = by.attribute(name, attributes[name], tally)
    if (value === attributes[name]) continue
    copy ??= { ...attributes }
    if (value === DROPPED) delete copy[name]
    else copy[name] = value as never
  }
  return copy ?? attributes
}

function rewriteHolders<Holder extends { readonly attributes?: Attributes; readonly name?: string }>(
  by: Rewriter,
  holders: readonly Holder[],
  tally: Tally,
): readonly Holder[] {
  return holders.map((holder) => ({
    ...holder,
    ...(holder.name === undefined ? {} : { name: by.name(holder.name, tally) }),
    ...(holder.attributes === undefined ? {} : { attributes: rewriteAttributes(by, holder.attributes, tally) }),
  }))
}

/** What was found is told beside what was found before. */
function withNote(attributes: Attributes, tally: Tally): Attributes {
  if (tally.count === 0) return attributes
  const { [ATTR_AGENTEL_REDACTION_COUNT]: count, [ATTR_AGENTEL_REDACTION_RULES]: rules } = attributes
  return {
    ...attributes,
    [ATTR_AGENTEL_REDACTION_COUNT]: tally.count + (typeof count === 'number' ? count : 0),
    [ATTR_AGENTEL_REDACTION_RULES]: [...new Set([...(Array.isArray(rules) ? rules : []), ...tally.rules])].toSorted(),
  }
}

/** The fields of a span or a log record after rewriting, in new objects; those that it has not are left out. */
export function rewriteFields(by: Rewriter, item: Fields): Fields {
  const tally: Tally = { count: 0, rules: new Set() }
  const { name, body, status, attributes, events, links } = item
  const fields: Fields = {}
  if (typeof name === 'string') fields.name = by.name(name, tally)
  if (body !== undefined && body !== null) {
    const redacted = by.attribute('body', body, tally)
    fields.body = redacted === DROPPED ? undefined : redacted
  }
  if (status?.message !== undefined) fields.status = { ...status, message: by.text(status.message, tally) }
  if (events !== undefined) fields.events = rewriteHolders(by, events, tally)
  if (links !== undefined) fields.links = rewriteHolders(by, links, tally)
  if (attributes !== undefined) fields.attributes = withNote(rewriteAttributes(by, attributes, tally), tally)
  return fields
}
