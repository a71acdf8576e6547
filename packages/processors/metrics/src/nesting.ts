import { type Context, type Span, SpanKind } from '@opentelemetry/api'
import type { ReadableSpanLike } from '@agentel/processor-kit'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  METRIC_AGENTEL_OPERATION_ACTIVE,
  METRIC_AGENTEL_TRACE_DURATION,
  METRIC_AGENTEL_TRACE_SPANS,
  METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
} from '@agentel/semconv'
import { isInference } from '@agentel/semconv/operations'
import { isAgentic } from './agentel-spans.ts'
import { rowsOf, secondsOf } from './measure.ts'
import { record, type RowStore } from './row-store.ts'
import { type SpanState, startState, stateOf } from './span-state.ts'

/** Metrics that need to know what a span is in: active operations, calls per agent run, size of traces. */
export interface NestingMeasure {
  onStart(span: Span & Partial<ReadableSpanLike>, parentContext: Context): void
  /** @param spans those of the trace when the span ended */
  onEnd(span: ReadableSpanLike, agentic: boolean, spans: number): SpanState | undefined
}

function isTool(span: object): boolean {
  const { attributes } = span as Partial<ReadableSpanLike>
  return attributes?.[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL
}

function agentic(span: object): boolean {
  return isAgentic((span as Partial<ReadableSpanLike>).attributes ?? {})
}

/** Counts a call for the agent run that made it. */
function countCall(state: SpanState, span: ReadableSpanLike, operation: unknown): void {
  if (state.enclosing === undefined) return
  if (isInference(operation)) state.enclosing.inferenceCalls += 1
  // A tool span within a tool span is its transport; the SERVER side is not the caller's.
  else if (operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL && !state.inTool && span.kind !== SpanKind.SERVER) {
    state.enclosing.toolCalls += 1
  }
}

/** Active operations, calls per agent run, duration and size of traces. */
export function nestingMeasure(store: RowStore): NestingMeasure {
  const active = store.family([{ metric: METRIC_AGENTEL_OPERATION_ACTIVE }])
  const calls = rowsOf(store, [METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS])
  const traces = rowsOf(store, [METRIC_AGENTEL_TRACE_DURATION, METRIC_AGENTEL_TRACE_SPANS])
  return {
    onStart(span, parentContext) {
      const attributes = span.attributes ?? {}
      const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
      const agent = operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT && span.kind !== SpanKind.CLIENT
      const state = startState(span, parentContext, { agent, tool: isTool, agentic })
      if (operation === undefined) return
      state.active = store.row(active, attributes)
      record(state.active, 0, 1)
    },
    onEnd(span, agentic, spans) {
      const state = stateOf(span)
      if (state === undefined) return undefined
      if (state.active !== undefined) record(state.active, 0, -1)
      const { attributes } = span
      countCall(state, span, attributes[ATTR_GEN_AI_OPERATION_NAME])
      if (state.own !== undefined) {
        const row = calls(attributes)
        record(row, 0, state.own.inferenceCalls)
        record(row, 1, state.own.toolCalls)
      }
      state.root.agentic ||= agentic
      if (state.isRoot && state.root.agentic) {
        const row = traces(attributes)
        record(row, 0, secondsOf(span))
        record(row, 1, spans)
      }
      return state
    },
  }
}
