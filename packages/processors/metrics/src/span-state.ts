import { type Context, type Span, trace } from '@opentelemetry/api'
import type { ReadableSpanLike } from '@agentel/processor-kit'
import type { Row } from './row-store.ts'

/** What was counted below an agent's run. */
export interface AgentRun {
  inferenceCalls: number
  toolCalls: number
}

/** What was counted below the topmost span that this process recorded of a trace. */
export interface RootRun {
  spans: number
  /** Whether any of the spans was an operation of an agent. */
  agentic: boolean
}

/** What the metrics keep of a span from its start to its end. */
export interface SpanState {
  /** Set by the run itself when the span is an agent's. */
  own: AgentRun | undefined
  /** The run of the agent that the span's parent is, or is in. */
  readonly enclosing: AgentRun | undefined
  readonly root: RootRun
  readonly isRoot: boolean
  readonly inTool: boolean
  /** Whether an operation of an agent is around it in this process. */
  readonly inAgentic: boolean
  /** The row in which the operation is counted as active. */
  active: Row | undefined
}

// On the span itself, so that it needs no clearing when a span is never ended.
const STATE = Symbol('agentel.metrics')

type Carrier = { [STATE]?: SpanState | undefined }

/** The state of a span, if it started while the metrics were on. */
export function stateOf(span: object): SpanState | undefined {
  return (span as Carrier)[STATE]
}

/** Gives a span its state, made from that of its parent. */
export function startState(
  span: Span & Partial<ReadableSpanLike>,
  parentContext: Context,
  is: { agent: boolean; tool: (parent: object) => boolean; agentic: (parent: object) => boolean },
): SpanState {
  const parentSpan = trace.getSpan(parentContext)
  const parent = parentSpan === undefined ? undefined : stateOf(parentSpan)
  const state: SpanState = {
    own: is.agent ? { inferenceCalls: 0, toolCalls: 0 } : undefined,
    enclosing: parent?.own ?? parent?.enclosing,
    root: parent?.root ?? { spans: 0, agentic: false },
    isRoot: parent === undefined,
    inTool: parentSpan !== undefined && parent !== undefined && is.tool(parentSpan),
    inAgentic: parentSpan !== undefined && parent !== undefined && (parent.inAgentic || is.agentic(parentSpan)),
    active: undefined,
  }
  state.root.spans += 1
  ;(span as Carrier)[STATE] = state
  return state
}
