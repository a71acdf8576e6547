import { offerInnerSpan } from '@agentel/api'
import { detectDialect, read } from '@agentel/dialects'
import type { Reading } from '@agentel/dialects'
import type { EndingSpan, Enricher } from '@agentel/processor-kit'
import {
  ATTR_AGENTEL_SPAN_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'
import { rememberModelCalls } from './model-calls.ts'
import { complete, isOurs, noteOwnCallAround, ownCallAround } from './own-calls.ts'

/** What the reconcile enricher takes. */
export interface ReconcileEnricherOptions {
  /**
   * Whether messages, arguments and results are written under our names too, as JSON texts. Off by default: they are
   * on the span already, under the names of whoever recorded them, and would be there twice.
   */
  readonly content?: boolean
}

const contentKeys: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
])

/** Spans with a model call inside that are remembered until they end. */
const mostOpenSpans = 4096

/** Value of `agentel.span.type` for a span around a model call that has its own span. */
const aroundModelCall = 'model_call_wrapper'
/** Value of `agentel.span.type` for a span of another library inside the span of ours for the same model call. */
const insideModelCall = 'model_call_inside'

/**
 * Gives a span that follows another convention our names beside its own, so that it counts: cost, metrics, console.
 * What the other library wrote stays, for the backend that it is meant for. Where a model call turns out to have
 * two spans, one around the other, only one of them stays a call, so that tokens are counted once: the one that is ours,
 * else the inner one. The other has no operation any more.
 *
 * Goes before enrichers that read our names.
 *
 * @example
 * enricherProcessor([reconcileEnricher(), costEnricher(), metricsEnricher()])
 */
export function reconcileEnricher({ content = false }: ReconcileEnricherOptions = {}): Enricher {
  const calls = rememberModelCalls(mostOpenSpans)
  return {
    name: 'reconcile',
    onStart(span, parentContext) {
      const scope = span.instrumentationScope?.name
      offerInnerSpan(span, scope, parentContext)
      if (!isOurs(scope)) noteOwnCallAround(span, parentContext)
    },
    onEnding(span) {
      const hadCallInside = calls.take(span.spanContext().spanId)
      const own = isOurs(span.instrumentationScope.name)
      const reading = own ? undefined : readForeign(span)
      const operation = reading?.operation ?? span.attributes[ATTR_GEN_AI_OPERATION_NAME]
      const isCall = isModelCall(operation)
      const around = own || !isCall ? undefined : ownCallAround(span)
      const isSecond = !own && isCall && (hadCallInside || around !== undefined)
      if (around !== undefined) complete(around, { ...reading?.attributes, ...span.attributes })
      if (reading !== undefined) {
        write(span, reading, content, isSecond)
        if (reading.dialect === 'anthropic') takeOver(span, reading)
      }
      if (isSecond) giveUp(span, around === undefined ? aroundModelCall : insideModelCall)
      if (isCall && around === undefined && span.parentSpanContext !== undefined)
        calls.add(span.parentSpanContext.spanId)
    },
  }
}

/** The reading of a span in another convention; undefined for our names and for spans without generative AI. */
function readForeign(span: EndingSpan): Reading | undefined {
  const input = {
    name: span.name,
    scope: span.instrumentationScope.name,
    attributes: span.attributes,
    events: span.events,
  }
  const dialect = detectDialect(input)
  return dialect === 'latest' || dialect === 'other' ? undefined : read(input)
}

/** @param isSecond the call has another span, which counts */
function write(span: EndingSpan, { attributes }: Reading, content: boolean, isSecond: boolean): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (span.attributes[key] === value) continue
    if (isSecond && key === ATTR_GEN_AI_OPERATION_NAME) continue
    if (!contentKeys.has(key)) span.setAttribute(key, value)
    else if (content) span.setAttribute(key, typeof value === 'string' ? value : JSON.stringify(value))
  }
}

/** It is no model call any more; what it says of one stays. */
function giveUp(span: EndingSpan, type: string): void {
  span.deleteAttribute(ATTR_GEN_AI_OPERATION_NAME)
  span.setAttribute(ATTR_AGENTEL_SPAN_TYPE, type)
}

/** Operations whose spans are named by what is in this attribute. */
const namedBy: Readonly<Record<string, string>> = {
  [GEN_AI_OPERATION_NAME_VALUE_CHAT]: ATTR_GEN_AI_REQUEST_MODEL,
  [GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: ATTR_GEN_AI_TOOL_NAME,
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: ATTR_GEN_AI_AGENT_NAME,
}

/**
 * A span that the SDK makes in place of ours is named as ours would be, and its success leaves the status unset: status
 * OK is the application's word.
 */
function takeOver(span: EndingSpan, { operation }: Reading): void {
  span.withdrawOk()
  if (operation === undefined || !Object.hasOwn(namedBy, operation)) return
  const name = span.attributes[namedBy[operation]!]
  span.rename(typeof name === 'string' ? `${operation} ${name}` : operation)
}
