import type { TimeRange, ResolvedRange } from './contract.ts'

/** What a span is, for colour and icon. Derived from `gen_ai.operation.name` and `agentel.*` attributes, never from parts of a name. */
export type SpanType =
  | 'workflow'
  | 'agent'
  | 'model'
  | 'embeddings'
  | 'tool'
  | 'retrieval'
  | 'memory'
  | 'plan'
  | 'handoff'
  | 'guardrail'
  | 'decision'
  | 'task'
  | 'message'
  | 'event'
  | 'worker'
  | 'security'
  | 'response'
  | 'other'

/** `open`: the root span has not arrived yet. `error`: the failure reached the root (or, without a root, any error). */
export type TraceStatus = 'ok' | 'error' | 'open'

/** Filters of traces. Repeat a parameter for "any of"; prefix a value with `!` for "none of". Different parameters are ANDed. */
export interface TraceFilter extends TimeRange {
  readonly status?: TraceStatus | readonly TraceStatus[]
  readonly agent?: string | readonly string[]
  readonly model?: string | readonly string[]
  readonly tool?: string | readonly string[]
  readonly user?: string | readonly string[]
  readonly session?: string | readonly string[]
  readonly service?: string | readonly string[]
  /** `error.type` of any span. */
  readonly error?: string | readonly string[]
  /** Milliseconds. */
  readonly minDuration?: number
  readonly maxDuration?: number
  /** US dollars. */
  readonly minCost?: number
  readonly maxCost?: number
  readonly minTokens?: number
  /** Words that occur in content, names or error texts; "quoted words" are a phrase. */
  readonly text?: string
}

export type TraceSort = 'time' | 'duration' | 'cost' | 'tokens' | 'spans' | 'errors'

/** Parameters of the list of traces. */
export interface TraceQuery extends TraceFilter {
  /** Default `time`. */
  readonly sort?: TraceSort
  /** Default `desc`. */
  readonly order?: 'asc' | 'desc'
  /** 1 to 500, default 50. */
  readonly limit?: number
  /** `nextCursor` of the page before. */
  readonly cursor?: string
}

/** One run. */
export interface TraceSummary {
  readonly traceId: string
  /** The user's question when content was captured, else the root span's name; cut at 200 characters. */
  readonly title: string
  readonly rootName: string | null
  readonly rootType: SpanType
  readonly status: TraceStatus
  readonly startTime: number
  /** First start to last end of what has arrived. */
  readonly duration: number
  readonly spans: number
  /** Spans with status error, saved retries included. */
  readonly errors: number
  /** Errors that did not reach the root (saved retries); 0 until the trace has been quiet for a moment. */
  readonly recovered: number
  readonly services: readonly string[]
  /** In order of first appearance. */
  readonly agents: readonly string[]
  readonly models: readonly string[]
  readonly tools: readonly string[]
  readonly user: string | null
  readonly session: string | null
  readonly inputTokens: number
  readonly outputTokens: number
  /** Sum of the calls that have a price; null when none has. */
  readonly cost: number | null
  /** Model calls without a price. */
  readonly unpriced: number
  /** The failure that reached the root, or the first one; null when there was none. */
  readonly error: {
    readonly spanId: string
    readonly name: string
    readonly type: string | null
    readonly message: string | null
  } | null
}

export interface TraceList {
  readonly range: ResolvedRange
  readonly traces: readonly TraceSummary[]
  readonly nextCursor: string | null
  /** Matching traces in the window; exact when `totalExact`, else "at least". */
  readonly total: number
  readonly totalExact: boolean
  /** Time the store took. */
  readonly tookMs: number
}

export type FacetName = 'status' | 'agent' | 'model' | 'tool' | 'user' | 'session' | 'service' | 'error'

/** Values with the number of traces that have them, and of failed ones among those, under the filter; most frequent first, at most 20 each. */
export interface Facets {
  readonly range: ResolvedRange
  readonly facets: Readonly<
    Record<FacetName, readonly { readonly value: string; readonly count: number; readonly errors: number }[]>
  >
  /** How many matching traces were counted; fewer than all when `exact` is false (then the newest ones). */
  readonly counted: number
  readonly exact: boolean
}

/**
 * A whole trace without content. Columns of equal length, one entry a span, in waterfall order: a parent before its
 * children, siblings by start. Indexes point into the dictionaries; -1 is "none".
 */
export interface TraceSkeleton {
  readonly trace: TraceSummary
  readonly dictionaries: {
    readonly names: readonly string[]
    readonly types: readonly SpanType[]
    readonly services: readonly string[]
    readonly agents: readonly string[]
    readonly models: readonly string[]
    readonly tools: readonly string[]
    readonly errorTypes: readonly string[]
  }
  readonly spans: {
    readonly id: readonly string[]
    /** Row of the parent; -1 for a root, and where the parent is missing or a cycle was cut. */
    readonly parent: readonly number[]
    readonly depth: readonly number[]
    /** Number of rows below this one; they follow it directly. */
    readonly descendants: readonly number[]
    readonly name: readonly number[]
    readonly type: readonly number[]
    readonly service: readonly number[]
    /** The agent the span belongs to: its own attribute, else the nearest ancestor's. */
    readonly agent: readonly number[]
    readonly model: readonly number[]
    readonly tool: readonly number[]
    /** Offset from `trace.startTime`; 0 or more. */
    readonly start: readonly number[]
    readonly duration: readonly number[]
    /** 0 unset, 1 ok, 2 error. */
    readonly status: readonly number[]
    readonly errorType: readonly number[]
    readonly inputTokens: readonly (number | null)[]
    readonly outputTokens: readonly (number | null)[]
    readonly cost: readonly (number | null)[]
    /** 1 when the call has a model but no price. */
    readonly unpriced: readonly (0 | 1)[]
    /** 1 when there is content to open (messages, arguments, documents). */
    readonly content: readonly (0 | 1)[]
  }
  /** Rows that need a mark. `skewed`: starts before its parent or ends long after it, the clocks of two machines differ. */
  readonly marks: {
    readonly missingParent: readonly number[]
    readonly cycle: readonly number[]
    readonly skewed: readonly number[]
    /** Errors that the parent survived (a saved retry). */
    readonly recovered: readonly number[]
    readonly criticalPath: readonly number[]
  }
  /** Row of the failure's origin (deepest error on the way up to the root) and of the last step that succeeded before it; -1 none. */
  readonly failure: { readonly origin: number; readonly lastSuccess: number }
  /** Rows of the calls of tools that one model call asked for, with those whose results it had newly seen when it did. */
  readonly toolDependencies: readonly { readonly rows: readonly number[]; readonly on: readonly number[] }[]
  /** Handovers inside the trace. */
  readonly handoffs: readonly {
    readonly row: number
    readonly from: string
    readonly to: string
    readonly at: number
  }[]
  readonly logs: number
}
