import { type Attributes, SpanKind } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OPTION_COUNT,
  ATTR_AGENTEL_EVENT_TYPE,
  ATTR_AGENTEL_GUARDRAIL_NAME,
  ATTR_AGENTEL_MESSAGE_BODY_SIZE,
  ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  ATTR_AGENTEL_MESSAGE_TYPE,
  ATTR_AGENTEL_RESPONSE_TYPE,
  ATTR_AGENTEL_SECURITY_CHECK_NAME,
  ATTR_AGENTEL_SPAN_TYPE,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_MCP_METHOD_NAME,
  METRIC_AGENTEL_DECISION_CONFIDENCE,
  METRIC_AGENTEL_DECISION_DURATION,
  METRIC_AGENTEL_DECISION_OPTION_COUNT,
  METRIC_AGENTEL_EVENT_DURATION,
  METRIC_AGENTEL_EVENTS,
  METRIC_AGENTEL_GUARDRAIL_RESULTS,
  METRIC_AGENTEL_MESSAGE_BODY_SIZE,
  METRIC_AGENTEL_MESSAGES,
  METRIC_AGENTEL_TASK_DURATION,
  METRIC_AGENTEL_TRANSFERS,
  METRIC_AGENTEL_WORKER_EXECUTION_DURATION,
} from '@agentel/semconv'
import { instrumentOf, type Measure, numberOf, secondsOf } from './measure.ts'
import type { RowStore } from './row-store.ts'

/** Attributes that only operations of agents have; identity (`agentel.tenant.id`, …) is on spans of all kinds. */
const AGENTIC_KEYS = [
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  ATTR_AGENTEL_MESSAGE_TYPE,
  ATTR_AGENTEL_GUARDRAIL_NAME,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_AGENTEL_EVENT_TYPE,
  ATTR_AGENTEL_RESPONSE_TYPE,
  ATTR_AGENTEL_SECURITY_CHECK_NAME,
  ATTR_AGENTEL_SPAN_TYPE,
]

/** Whether a span is an operation of an agent; all others are counted only as parts of a trace. */
export function isAgentic(attributes: Readonly<Attributes>): boolean {
  return AGENTIC_KEYS.some((key) => attributes[key] !== undefined)
}

function decisionMeasure(store: RowStore): Measure {
  const duration = instrumentOf(store, METRIC_AGENTEL_DECISION_DURATION)
  const confidence = instrumentOf(store, METRIC_AGENTEL_DECISION_CONFIDENCE)
  const optionCount = instrumentOf(store, METRIC_AGENTEL_DECISION_OPTION_COUNT)
  return (span) => {
    const { attributes } = span
    duration(attributes, secondsOf(span))
    const sure = numberOf(attributes[ATTR_AGENTEL_DECISION_CONFIDENCE])
    if (sure !== undefined) confidence(attributes, sure)
    const options = numberOf(attributes[ATTR_AGENTEL_DECISION_OPTION_COUNT])
    if (options !== undefined) optionCount(attributes, options)
  }
}

function messageMeasure(store: RowStore): Measure {
  const messages = instrumentOf(store, METRIC_AGENTEL_MESSAGES)
  const bodySize = instrumentOf(store, METRIC_AGENTEL_MESSAGE_BODY_SIZE)
  return ({ attributes, kind }) => {
    // Counted where it is sent: the receiver's span stands for the same message.
    if (kind === SpanKind.CONSUMER || kind === SpanKind.SERVER) return
    messages(attributes, 1)
    const size = numberOf(attributes[ATTR_AGENTEL_MESSAGE_BODY_SIZE])
    if (size !== undefined) bodySize(attributes, size)
  }
}

function eventMeasure(store: RowStore): Measure {
  const events = instrumentOf(store, METRIC_AGENTEL_EVENTS)
  const duration = instrumentOf(store, METRIC_AGENTEL_EVENT_DURATION)
  return (span) => {
    events(span.attributes, 1)
    duration(span.attributes, secondsOf(span))
  }
}

/** Metrics of our own kinds of spans, each told by the attribute that only it has. */
export function agentelMeasure(store: RowStore): Measure {
  const task = instrumentOf(store, METRIC_AGENTEL_TASK_DURATION)
  const transfers = instrumentOf(store, METRIC_AGENTEL_TRANSFERS)
  const guardrails = instrumentOf(store, METRIC_AGENTEL_GUARDRAIL_RESULTS)
  const worker = instrumentOf(store, METRIC_AGENTEL_WORKER_EXECUTION_DURATION)
  const decision = decisionMeasure(store)
  const message = messageMeasure(store)
  const event = eventMeasure(store)
  return (span) => {
    const { attributes } = span
    if (attributes[ATTR_AGENTEL_TASK_NAME] !== undefined) task(attributes, secondsOf(span))
    if (attributes[ATTR_AGENTEL_DECISION_NAME] !== undefined) decision(span)
    if (attributes[ATTR_AGENTEL_TRANSFER_TARGET_NAME] !== undefined) transfers(attributes, 1)
    if (
      attributes[ATTR_AGENTEL_MESSAGE_TARGET_NAME] !== undefined ||
      attributes[ATTR_AGENTEL_MESSAGE_TYPE] !== undefined
    )
      message(span)
    if (attributes[ATTR_AGENTEL_GUARDRAIL_NAME] !== undefined) guardrails(attributes, 1)
    if (attributes[ATTR_AGENTEL_WORKER_NAME] !== undefined) worker(attributes, secondsOf(span))
    if (attributes[ATTR_AGENTEL_EVENT_TYPE] !== undefined) event(span)
  }
}
