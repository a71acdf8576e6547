import { SpanStatusCode, type Attributes } from '@opentelemetry/api'
import type { Observation } from '@agentel/detectors'
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_RETRY_ATTEMPT,
  ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '@agentel/semconv'
import { type EndingSpan, millisecondsOf } from '@agentel/processor-kit'

const KINDS: Record<string, Observation['kind']> = {
  [GEN_AI_OPERATION_NAME_VALUE_CHAT]: 'chat',
  [GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION]: 'chat',
  [GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT]: 'chat',
  [GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: 'tool',
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: 'agent',
}

function text(attributes: Readonly<Attributes>, key: string): string | undefined {
  const value = attributes[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function number(attributes: Readonly<Attributes>, key: string): number | undefined {
  const value = attributes[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Whether the trace is over with this span, as far as this process can see. */
export function isLocalRoot(span: Pick<EndingSpan, 'parentSpanContext'>): boolean {
  return span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true
}

/** What the watch wants of a span that ends; undefined for spans that are no operation of an agent. */
export function observationOf(span: EndingSpan): Observation | undefined {
  const { attributes } = span
  const target = text(attributes, ATTR_AGENTEL_TRANSFER_TARGET_NAME)
  const kind = target === undefined ? KINDS[String(attributes[ATTR_GEN_AI_OPERATION_NAME])] : 'handoff'
  const agent = text(attributes, ATTR_AGENTEL_TRANSFER_SOURCE_NAME) ?? text(attributes, ATTR_GEN_AI_AGENT_NAME)
  if (kind === undefined || agent === undefined) return undefined
  const { traceId, spanId } = span.spanContext()
  return {
    kind,
    agent,
    traceId,
    spanId,
    time: millisecondsOf(span.endTime),
    durationMs: millisecondsOf(span.duration),
    failed: span.status.code === SpanStatusCode.ERROR,
    model: text(attributes, ATTR_GEN_AI_RESPONSE_MODEL) ?? text(attributes, ATTR_GEN_AI_REQUEST_MODEL),
    tool: text(attributes, ATTR_GEN_AI_TOOL_NAME),
    target,
    inputTokens: number(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS),
    outputTokens: number(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
    cost: number(attributes, ATTR_AGENTEL_COST_AMOUNT),
    attempt: number(attributes, ATTR_AGENTEL_RETRY_ATTEMPT),
    root: isLocalRoot(span),
  }
}
