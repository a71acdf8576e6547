import { read } from '@agentel/dialects'
import {
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_COMPLETION,
  ATTR_GEN_AI_PROMPT,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VARIABLE,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_GEN_AI_SYSTEM,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_COMPLETION_TOKENS,
  ATTR_GEN_AI_USAGE_PROMPT_TOKENS,
} from '@agentel/semconv'
import { plainAttributes } from '../otlp/attributes.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { SCOPE, SPAN } from '../otlp/messages.ts'
import { CONTENT_KEYS, CONTENT_SLOTS, NUMBER_KEYS, NUMBER_SLOTS, TEXT_KEYS, TEXT_SLOTS } from '../otlp/promoted-keys.ts'
import type { ScannedScope } from '../otlp/scan-spans.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'

/** Beginnings of keys that only older or foreign conventions use. Current spans must not match: reading those is the slow way. */
const FOREIGN: readonly Buffer[] = [
  ATTR_GEN_AI_SYSTEM,
  ATTR_GEN_AI_PROMPT,
  ATTR_GEN_AI_COMPLETION,
  ATTR_GEN_AI_USAGE_PROMPT_TOKENS,
  ATTR_GEN_AI_USAGE_COMPLETION_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  'llm.',
  'openinference.',
  'traceloop.',
  'ai.',
  'langfuse.',
  'anthropic.',
  'gcp.vertex.agent.',
].map((text) => Buffer.from(text))

/** Current keys that begin like foreign ones. */
const CURRENT: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
])
const CURRENT_PREFIX = ATTR_GEN_AI_PROMPT_VARIABLE('')

/** By their first byte: every key of every span is looked at. */
const BY_FIRST_BYTE: (Buffer[] | undefined)[] = []
for (const prefix of FOREIGN) (BY_FIRST_BYTE[prefix[0]!] ??= []).push(prefix)

/** Scopes whose spans only their name tells apart. */
const FOREIGN_SCOPES: ReadonlySet<string> = new Set([
  'com.anthropic.sdk.typescript',
  'gcp.vertex.agent',
  'mistralai_sdk_tracer',
])

function startsWith(buf: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (end - start < prefix.length) return false
  // From the end: the prefixes begin alike.
  for (let i = prefix.length - 1; i >= 0; i--) if (buf[start + i] !== prefix[i]) return false
  return true
}

/** Whether a key belongs to an older or a foreign convention, so that the span needs the slow way. */
export function isForeignKey(buf: Buffer, start: number, end: number): boolean {
  const prefixes = BY_FIRST_BYTE[buf[start]!]
  if (prefixes === undefined) return false
  for (const prefix of prefixes) {
    if (!startsWith(buf, start, end, prefix)) continue
    const key = buf.toString('utf8', start, end)
    return !CURRENT.has(key) && !key.startsWith(CURRENT_PREFIX)
  }
  return false
}

function eventsOf(span: OtlpObject): { name: string; attributes: Record<string, unknown> }[] {
  return ((span.events ?? []) as OtlpObject[]).map((event) => ({
    name: String(event.name ?? ''),
    attributes: plainAttributes(event.attributes),
  }))
}

const ERROR_TYPE = TEXT_SLOTS.indexOf('errorType')

/** Conventions without `error.type` have the class of the exception in its event only. */
function addErrorType(scanned: ScannedSpan, events: ReturnType<typeof eventsOf>): void {
  if (scanned.status !== 2 || scanned.texts[ERROR_TYPE] !== '') return
  const types = events.map(({ attributes }) => attributes[ATTR_EXCEPTION_TYPE])
  const type = types.findLast((one) => typeof one === 'string')
  if (type !== undefined) scanned.texts[ERROR_TYPE] = type
}

/** Puts what the dialect's reader found where the scanner would have put it. */
function promote(scanned: ScannedSpan, attributes: Readonly<Record<string, unknown>>): void {
  TEXT_SLOTS.forEach((key, slot) => {
    const value = attributes[TEXT_KEYS[key]]
    if (typeof value === 'string') scanned.texts[slot] = value
  })
  NUMBER_SLOTS.forEach((key, slot) => {
    const value = attributes[NUMBER_KEYS[key]]
    if (typeof value === 'number') scanned.numbers[slot] = value
    else if (typeof value === 'boolean') scanned.numbers[slot] = value ? 1 : 0
  })
  scanned.foreignContent = CONTENT_SLOTS.map((key) => attributes[CONTENT_KEYS[key]])
}

/**
 * Rewrites the promoted values of spans in other conventions. The stored bytes stay as they were sent.
 * A span that its reader cannot make sense of is kept as it is.
 */
export function readForeignSpans(body: Buffer, scopes: readonly ScannedScope[]): readonly ScannedScope[] {
  for (const { scope: scopeAt, spans } of scopes) {
    const scope = String(decodeMessage(SCOPE, body.subarray(...scopeAt)).name ?? '')
    const all = FOREIGN_SCOPES.has(scope)
    for (const scanned of spans) {
      if (!scanned.foreign && !all) continue
      const span = decodeMessage(SPAN, body.subarray(scanned.start, scanned.end))
      const events = eventsOf(span)
      const reading = read({ name: scanned.name, scope, attributes: plainAttributes(span.attributes), events })
      scanned.foreign = reading.dialect !== 'latest' && reading.dialect !== 'other'
      if (!scanned.foreign) continue
      promote(scanned, reading.attributes)
      addErrorType(scanned, events)
    }
  }
  return scopes
}
