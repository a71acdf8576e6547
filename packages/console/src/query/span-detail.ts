import {
  ATTR_AGENTEL_COST_PRICING_VERSION,
  ATTR_AGENTEL_COST_SOURCE,
  ATTR_AGENTEL_REDACTION_COUNT,
  ATTR_AGENTEL_REDACTION_RULES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'
import { PRICE_TABLE_VERSION, priceUsage } from '@agentel/prices'
import type { AttributeMap, SpanDetail } from '../api/contract.ts'
import { plainAttributes } from '../otlp/attributes.ts'
import type { OtlpObject } from '../otlp/decode.ts'
import { errorMessage } from '../otlp/error-message.ts'
import { FLAG_PRICED_HERE, FLAG_UNPRICED, SPAN_TYPES } from '../store/codes.ts'
import { currentNames } from './current-names.ts'
import { logsOfSpan } from './logs.ts'
import type { Cells, Reader } from './reader.ts'
import { spanContent } from './span-messages.ts'
import { attributesOf, storedScope, storedSpan } from './stored-messages.ts'
import { findTrace } from './trace-rows.ts'

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const STATUS_CODES = ['unset', 'ok', 'error'] as const

/** Nanoseconds do not fit into a number: microseconds do, exactly. */
function micros(nanos: unknown): number {
  return Number(BigInt(String(nanos ?? 0)) / 1000n)
}

function millis(nanos: unknown): number {
  return micros(nanos) / 1000
}

function number(attributes: AttributeMap, key: string): number | null {
  const value = attributes[key]
  return typeof value === 'number' ? value : null
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function eventsOf(span: OtlpObject): SpanDetail['events'] {
  return ((span.events ?? []) as OtlpObject[]).map((event) => ({
    name: String(event.name ?? ''),
    time: millis(event.timeUnixNano),
    attributes: plainAttributes(event.attributes),
    droppedAttributes: Number(event.droppedAttributesCount ?? 0),
  }))
}

function linksOf(span: OtlpObject): SpanDetail['links'] {
  return ((span.links ?? []) as OtlpObject[]).map((link) => ({
    traceId: String(link.traceId ?? ''),
    spanId: String(link.spanId ?? ''),
    attributes: plainAttributes(link.attributes),
  }))
}

/** Why a call has no price, in the words of the price table's reader. */
function unpricedReason(attributes: AttributeMap): string {
  const texts = [ATTR_GEN_AI_RESPONSE_MODEL, ATTR_GEN_AI_REQUEST_MODEL].map((key) => text(attributes[key]) ?? '')
  const priced = priceUsage({
    provider: text(attributes[ATTR_GEN_AI_PROVIDER_NAME]) ?? undefined,
    model: texts,
    usage: {
      inputTokens: number(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? undefined,
      outputTokens: number(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? undefined,
    },
  })
  return 'unpriced' in priced ? priced.unpriced : 'no price was known when the call was stored'
}

function costOf(row: Cells, attributes: AttributeMap): SpanDetail['cost'] {
  const cost = row[5] === null ? null : Number(row[5])
  const flags = Number(row[6])
  const here = (flags & FLAG_PRICED_HERE) !== 0
  return {
    amount: cost,
    source: cost === null ? null : here ? 'local' : text(attributes[ATTR_AGENTEL_COST_SOURCE]),
    pricingVersion: here ? PRICE_TABLE_VERSION : text(attributes[ATTR_AGENTEL_COST_PRICING_VERSION]),
    unpriced: (flags & FLAG_UNPRICED) === 0 ? null : unpricedReason(attributes),
  }
}

function redactionOf(attributes: AttributeMap): SpanDetail['redaction'] {
  const count = number(attributes, ATTR_AGENTEL_REDACTION_COUNT)
  const rules = attributes[ATTR_AGENTEL_REDACTION_RULES]
  if (count === null || count === 0) return null
  return { count, rules: Array.isArray(rules) ? rules.map(String) : [] }
}

function partsOf(span: OtlpObject, attributes: AttributeMap) {
  return {
    name: String(span.name ?? ''),
    kind: KINDS[Number(span.kind ?? 0)] ?? 'unspecified',
    startTime: millis(span.startTimeUnixNano),
    duration: Math.max(0, micros(span.endTimeUnixNano) - micros(span.startTimeUnixNano)) / 1000,
    status: {
      code: STATUS_CODES[Number((span.status as OtlpObject | undefined)?.code ?? 0)] ?? 'unset',
      message: errorMessage(span),
    },
    traceState: text(span.traceState),
    provider: text(attributes[ATTR_GEN_AI_PROVIDER_NAME]),
    usage: {
      inputTokens: number(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS),
      outputTokens: number(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
      cacheReadTokens: number(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
      cacheWriteTokens: number(attributes, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
      reasoningTokens: number(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
    },
    content: spanContent(attributes),
    redaction: redactionOf(attributes),
    events: eventsOf(span),
    links: linksOf(span),
    dropped: {
      attributes: Number(span.droppedAttributesCount ?? 0),
      events: Number(span.droppedEventsCount ?? 0),
      links: Number(span.droppedLinksCount ?? 0),
    },
  }
}

/** `GET /api/traces/{traceId}/spans/{spanId}`; undefined when there is no such span. */
export function spanDetail(reader: Reader, traceId: string, spanId: string): SpanDetail | undefined {
  const found = findTrace(reader, traceId)
  const stored = found && storedSpan(reader, found.tr, spanId)
  if (found === undefined || stored === undefined) return undefined
  const row = reader.row(
    'SELECT type, agent, model, tool, error_type, cost, flags, parent FROM spans WHERE tr = ? AND span_id = ?',
    found.tr,
    Buffer.from(spanId, 'hex'),
  )
  if (row === undefined) return undefined
  const attributes = plainAttributes(stored.span.attributes)
  const scope = storedScope(reader, stored.scope)
  const { attributes: current, dialect } = currentNames(stored.span, String(scope.scope.name ?? ''))
  const name = (i: number): string | null => text(reader.text(Number(row[i])))
  return {
    traceId: found.summary.traceId,
    spanId,
    parentSpanId: row[7] === null ? null : String(stored.span.parentSpanId),
    type: SPAN_TYPES[Number(row[0])] ?? 'other',
    agent: name(1),
    model: name(2),
    tool: name(3),
    errorType: name(4),
    cost: costOf(row, current),
    attributes,
    dialect,
    ...partsOf(stored.span, current),
    resource: attributesOf(scope.resource),
    scope: {
      name: String(scope.scope.name ?? ''),
      version: text(scope.scope.version),
      attributes: attributesOf(scope.scope),
    },
    logs: logsOfSpan(reader, found.summary.traceId, spanId),
  }
}
