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
import { instrumentOf, type Measure, numberOf, rowsOf, secondsOf } from './measure.ts'
import { record, type RowStore } from './row-store.ts'

/**
 * Whether a span is an operation of an agent; all others are counted only as parts of a trace. Told by what only
 * such operations have: identity (`agentel.tenant.id`, …) is on spans of all kinds.
 * Written out key by key, since every span of the process passes here.
 */
export function isAgentic(attributes: Readonly<Attributes>): boolean {
  return (
    attributes[ATTR_GEN_AI_OPERATION_NAME] !== undefined ||
    attributes[ATTR_MCP_METHOD_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_TASK_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_DECISION_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_TRANSFER_TARGET_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_MESSAGE_TARGET_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_MESSAGE_TYPE] !== undefined ||
    attributes[ATTR_AGENTEL_GUARDRAIL_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_WORKER_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_EVENT_TYPE] !== undefined ||
    attributes[ATTR_AGENTEL_RESPONSE_TYPE] !== undefined ||
    attributes[ATTR_AGENTEL_SECURITY_CHECK_NAME] !== undefined ||
    attributes[ATTR_AGENTEL_SPAN_TYPE] !== undefined
  )
}

function decisionMeasure(store: RowStore): Measure {
  const rows = rowsOf(store, [
    METRIC_AGENTEL_DECISION_DURATION,
    METRIC_AGENTEL_DECISION_CONFIDENCE,
    METRIC_AGENTEL_DECISION_OPTION_COUNT,
  ])
  return (span) => {
    const { attributes } = span
    const row = rows(attributes)
    record(row, 0, secondsOf(span))
    const confidence = numberOf(attributes[ATTR_AGENTEL_DECISION_CONFIDENCE])
    if (confidence !== undefined) record(row, 1, confidence)
    const options = numberOf(attributes[ATTR_AGENTEL_DECISION_OPTION_COUNT])
    if (options !== undefined) record(row, 2, options)
  }
}

function messageMeasure(store: RowStore): Measure {
  const rows = rowsOf(store, [METRIC_AGENTEL_MESSAGES, METRIC_AGENTEL_MESSAGE_BODY_SIZE])
  return ({ attributes, kind }) => {
    // Counted where it is sent: the receiver's span stands for the same message.
    if (kind === SpanKind.CONSUMER || kind === SpanKind.SERVER) return
    const row = rows(attributes)
    record(row, 0, 1)
    const size = numberOf(attributes[ATTR_AGENTEL_MESSAGE_BODY_SIZE])
    if (size !== undefined) record(row, 1, size)
  }
}

function eventMeasure(store: RowStore): Measure {
  const rows = rowsOf(store, [METRIC_AGENTEL_EVENTS, METRIC_AGENTEL_EVENT_DURATION])
  return (span) => {
    const row = rows(span.attributes)
    record(row, 0, 1)
    record(row, 1, secondsOf(span))
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
