import { type ReadableSpanLike, millisecondsOf } from '@agentel/processor-kit'
import {
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DURATION,
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_AGENTEL_MESSAGE_SOURCE_NAME,
  ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_OPTION_COUNT,
  ATTR_AGENTEL_DECISION_OUTCOME,
  ATTR_AGENTEL_MESSAGE_BODY_SIZE,
  ATTR_AGENTEL_MESSAGE_ID,
  ATTR_AGENTEL_MESSAGE_TYPE,
  ATTR_AGENTEL_TAGS,
  ATTR_AGENTEL_TASK_ID,
  ATTR_AGENTEL_TASK_TYPE,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  EVENT_AGENTEL_DECISION,
  EVENT_AGENTEL_MESSAGE_RECEIVED,
  EVENT_AGENTEL_MESSAGE_SENT,
  EVENT_AGENTEL_REQUEST,
  EVENT_AGENTEL_RESPONSE,
  EVENT_AGENTEL_TASK_COMPLETED,
  EVENT_AGENTEL_TASK_FAILED,
  EVENT_AGENTEL_TASK_STARTED,
  EVENT_AGENTEL_TOOL_CALLED,
  EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'
import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api'

/** An event that follows from a span. */
export interface SpanEvent {
  readonly event: string
  readonly severity: number
  /** Milliseconds since 1970. */
  readonly time: number
  readonly attributes: Attributes
}

const [INFO, WARN, ERROR] = [9, 13, 17]

const IDENTITY: readonly string[] = [
  ATTR_USER_ID,
  ATTR_SESSION_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_AGENTEL_TAGS,
]
const METADATA = 'agentel.metadata.'
const USAGE = 'gen_ai.usage.'

const TASK = [ATTR_AGENTEL_TASK_ID, ATTR_AGENTEL_TASK_NAME, ATTR_AGENTEL_TASK_TYPE]
const DECISION = [
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OUTCOME,
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_OPTION_COUNT,
]
const MESSAGE = [
  ATTR_AGENTEL_MESSAGE_SOURCE_NAME,
  ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  ATTR_AGENTEL_MESSAGE_TYPE,
  ATTR_AGENTEL_MESSAGE_ID,
  ATTR_AGENTEL_MESSAGE_BODY_SIZE,
]
const CALL = [ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL]

/**
 * The events that the end of a span tells of, in the order in which they happened: those that the api writes as log
 * records about the same work. Content is left to the span. A span that is no work of an agent tells of none.
 */
export function spanEvents(span: ReadableSpanLike): SpanEvent[] {
  const [beginning, end] = [eventAtStart(span), eventAtEnd(span)]
  if (beginning === undefined && end === undefined && span.attributes[ATTR_GEN_AI_OPERATION_NAME] === undefined)
    return []
  return [beginning, ...exceptions(span), end].filter((event) => event !== undefined)
}

function eventAtStart(span: ReadableSpanLike): SpanEvent | undefined {
  const { attributes, startTime } = span
  const begun = (event: string, keys: readonly string[]): SpanEvent => ({
    event,
    severity: INFO,
    time: millisecondsOf(startTime),
    attributes: chosen(attributes, keys),
  })
  if (isModelCall(attributes[ATTR_GEN_AI_OPERATION_NAME])) return begun(EVENT_AGENTEL_REQUEST, CALL)
  if (attributes[ATTR_AGENTEL_TASK_NAME] !== undefined) return begun(EVENT_AGENTEL_TASK_STARTED, TASK)
  const received = isMessage(attributes) && (span.kind === SpanKind.CONSUMER || span.kind === SpanKind.SERVER)
  return received ? begun(EVENT_AGENTEL_MESSAGE_RECEIVED, MESSAGE) : undefined
}

function eventAtEnd(span: ReadableSpanLike): SpanEvent | undefined {
  const { attributes, kind, status, endTime, duration } = span
  const ended = (event: string, keys: readonly string[], more: Attributes, severity = INFO): SpanEvent => ({
    event,
    severity,
    time: millisecondsOf(endTime),
    attributes: { ...chosen(attributes, [...keys, ATTR_ERROR_TYPE]), ...more },
  })
  const seconds = { [ATTR_AGENTEL_DURATION]: millisecondsOf(duration) / 1000 }
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  if (operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)
    return ended(EVENT_AGENTEL_TOOL_CALLED, [ATTR_GEN_AI_TOOL_NAME, ATTR_GEN_AI_TOOL_CALL_ID], seconds)
  if (isModelCall(operation))
    return ended(EVENT_AGENTEL_RESPONSE, [...CALL, ATTR_GEN_AI_RESPONSE_MODEL, USAGE], seconds)
  if (attributes[ATTR_AGENTEL_DECISION_NAME] !== undefined) return ended(EVENT_AGENTEL_DECISION, DECISION, seconds)
  if (attributes[ATTR_AGENTEL_TASK_NAME] !== undefined)
    return status.code === SpanStatusCode.ERROR
      ? ended(EVENT_AGENTEL_TASK_FAILED, [...TASK, ATTR_AGENTEL_ERROR_CATEGORY], seconds, ERROR)
      : ended(EVENT_AGENTEL_TASK_COMPLETED, TASK, seconds)
  const sent = isMessage(attributes) && (kind === SpanKind.PRODUCER || kind === SpanKind.CLIENT)
  return sent ? ended(EVENT_AGENTEL_MESSAGE_SENT, MESSAGE, {}) : undefined
}

/** Without a logger provider, an exception is an event of its span. */
function exceptions({ attributes, events }: ReadableSpanLike): SpanEvent[] {
  return events
    .filter(({ name }) => name === 'exception')
    .map(({ time, attributes: told }) => ({
      event: EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION,
      severity: WARN,
      time: millisecondsOf(time),
      attributes: { ...chosen(attributes, []), ...told },
    }))
}

function isMessage(attributes: Attributes): boolean {
  return (
    attributes[ATTR_AGENTEL_MESSAGE_SOURCE_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_MESSAGE_TARGET_NAME] !== undefined
  )
}

/** Whose work it is, and these keys; one that ends in a dot stands for all that begin with it. */
function chosen(attributes: Attributes, keys: readonly string[]): Attributes {
  const wanted = [...IDENTITY, METADATA, ...keys]
  const isWanted = (key: string) => wanted.some((one) => (one.endsWith('.') ? key.startsWith(one) : key === one))
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => isWanted(key)))
}
