import type { OverviewQuery, ResolvedRange, TimeRange } from './contract.ts'
import type { SpanDetail } from './contract-span.ts'
import type { SpanType, TraceSummary } from './contract-trace.ts'

/** Figures of a set of operations. Percentiles come from histograms of 8 buckets an octave: off by at most 4.5 %. */
export interface OperationStats {
  readonly count: number
  readonly errors: number
  readonly meanDuration: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number | null
  readonly unpriced: number
}

/** Columns over time; entry i covers `start + i * step` to the next. */
export interface OverviewSeries {
  readonly start: number
  /** Milliseconds: 60,000, 900,000 or 3,600,000 (or a multiple). */
  readonly step: number
  readonly traces: readonly number[]
  readonly failedTraces: readonly number[]
  readonly traceP50: readonly (number | null)[]
  readonly traceP95: readonly (number | null)[]
  readonly spans: readonly number[]
  readonly spanErrors: readonly number[]
  readonly inputTokens: readonly number[]
  readonly outputTokens: readonly number[]
  readonly cost: readonly number[]
}

export interface OverviewTotals {
  readonly traces: number
  readonly failedTraces: number
  readonly openTraces: number
  readonly spans: number
  readonly spanErrors: number
  readonly traceP50: number | null
  readonly traceP95: number | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number | null
  readonly unpriced: number
  /** Dollars an hour at the rate of the window. */
  readonly costPerHour: number | null
  readonly modelCalls: number
  readonly toolCalls: number
  readonly toolErrors: number
}

export interface Overview {
  readonly range: ResolvedRange
  readonly totals: OverviewTotals
  /** The same figures of the window of equal length just before. */
  readonly previous: OverviewTotals
  readonly series: OverviewSeries
  /** Failed traces, newest first, at most 20. */
  readonly failed: readonly TraceSummary[]
  readonly models: readonly ({ readonly name: string; readonly provider: string | null } & OperationStats)[]
  readonly agents: readonly ({ readonly name: string } & OperationStats)[]
  readonly tools: readonly ({ readonly name: string } & OperationStats)[]
  readonly services: readonly ({ readonly name: string } & OperationStats)[]
  readonly errorTypes: readonly { readonly type: string; readonly count: number }[]
  /** By type of span, for the error rate and latency by operation. */
  readonly types: readonly ({ readonly type: string } & OperationStats)[]
  /** Distribution of trace durations: `upTo` in milliseconds, the last one null (no bound). */
  readonly durations: readonly { readonly upTo: number | null; readonly count: number }[]
  /** Distribution of spans a trace. */
  readonly traceSizes: readonly { readonly upTo: number | null; readonly count: number }[]
}

export type AgentEdgeKind = 'calls' | 'handoff' | 'message' | 'tool'

/** Who works with whom. A node is `agent:NAME`, `tool:NAME`, or `user` (where a trace enters). */
export interface AgentGraph {
  readonly range: ResolvedRange
  readonly nodes: readonly ({
    readonly id: string
    readonly kind: 'agent' | 'tool' | 'user'
    readonly name: string
    /** Of the newest 1,000 traces of the window, those in which it occurs. */
    readonly traces: number
  } & OperationStats)[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly kind: AgentEdgeKind
    readonly count: number
    readonly errors: number
    readonly p95: number | null
    /** Calls a minute over the window. */
    readonly rate: number
    /** The newest traces in which both ends occur, at most 5; only for the 60 most frequent edges. */
    readonly traceIds: readonly string[]
  }[]
  /** Interaction matrix: `cells[i][j]` is from agent i to agent j or target; null where they never met. */
  readonly matrix: {
    readonly from: readonly string[]
    readonly to: readonly string[]
    readonly cells: readonly (readonly ({
      readonly count: number
      readonly errors: number
      readonly p95: number | null
    } | null)[])[]
  }
}

export interface AgentPage {
  readonly range: ResolvedRange
  readonly name: string
  readonly stats: OperationStats
  /** Share of its runs that did not fail, 0 to 1; null when there was none. */
  readonly successRate: number | null
  /** Milliseconds since its process began, where it has one for itself and says so; else null. */
  readonly uptime: number | null
  readonly firstSeen: number | null
  readonly lastSeen: number | null
  /** `agentel.agent.*` and `gen_ai.agent.*` of the newest invocation. */
  readonly description: string | null
  readonly declaredTools: readonly string[]
  readonly capabilities: readonly string[]
  readonly series: {
    readonly start: number
    readonly step: number
    readonly count: readonly number[]
    readonly errors: readonly number[]
    readonly p95: readonly (number | null)[]
    readonly cost: readonly number[]
  }
  readonly models: readonly ({ readonly name: string } & OperationStats)[]
  readonly tools: readonly ({ readonly name: string } & OperationStats)[]
  readonly tasks: readonly ({ readonly name: string } & OperationStats)[]
  readonly decisions: readonly {
    readonly name: string
    readonly count: number
    readonly meanConfidence: number | null
    readonly meanOptions: number | null
    readonly outcomes: readonly { readonly outcome: string; readonly count: number }[]
  }[]
  readonly incoming: readonly {
    readonly from: string
    readonly kind: AgentEdgeKind
    readonly count: number
    readonly errors: number
    readonly p95: number | null
  }[]
  readonly outgoing: readonly {
    readonly to: string
    readonly kind: AgentEdgeKind
    readonly count: number
    readonly errors: number
    readonly p95: number | null
  }[]
  readonly errorTypes: readonly { readonly type: string; readonly count: number }[]
  readonly recent: readonly TraceSummary[]
}

/** An expected amount in US dollars, and the interval in which 95 of 100 such amounts fall if the trend goes on. */
export interface SpendEstimate {
  readonly expected: number
  readonly low: number
  readonly high: number
}

/** `task`: the calls below a task, those of the nearest one; sums of it are never counted as cost again. */
export type CostDimension = 'model' | 'agent' | 'task' | 'workflow' | 'tool' | 'user' | 'session' | 'service'

export interface CostQuery extends TimeRange {
  /** Default `model`. */
  readonly by?: CostDimension
  readonly service?: string
}

export interface CostBreakdown {
  readonly range: ResolvedRange
  readonly by: CostDimension
  readonly total: number | null
  readonly unpriced: number
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly rows: readonly {
    /** null: spans that have no such attribute. */
    readonly value: string | null
    readonly cost: number | null
    readonly calls: number
    readonly unpriced: number
    readonly inputTokens: number
    readonly outputTokens: number
    /** Share of the total, 0 to 1. */
    readonly share: number
  }[]
  readonly series: {
    readonly start: number
    readonly step: number
    readonly cost: readonly number[]
    readonly stacks: readonly { readonly value: string | null; readonly cost: readonly number[] }[]
  }
  /** The next hour, day and 30 days from now, by the trend of what was spent since `from`; null: too little to tell. */
  readonly projection: {
    readonly from: number
    readonly hour: SpendEstimate
    readonly day: SpendEstimate
    readonly month: SpendEstimate
    /** Change of the spend per hour, each hour. */
    readonly trendPerHour: number
  } | null
  /** Models without a price in the window: what to add to the table. */
  readonly unpricedModels: readonly {
    readonly provider: string | null
    readonly model: string
    readonly calls: number
  }[]
  readonly dearest: readonly TraceSummary[]
}

export interface ActorQuery extends TimeRange {
  /** 1 to 500, default 50. */
  readonly limit?: number
  readonly cursor?: string
}

/** Users or sessions, the newest active first. */
export interface ActorList {
  readonly range: ResolvedRange
  readonly rows: readonly {
    readonly id: string
    readonly traces: number
    readonly failedTraces: number
    readonly firstSeen: number
    readonly lastSeen: number
    readonly inputTokens: number
    readonly outputTokens: number
    readonly cost: number | null
    readonly unpriced: number
  }[]
  readonly nextCursor: string | null
}

export interface OperationQuery extends OverviewQuery {
  /** Spans of these types; all without it. */
  readonly type?: SpanType | readonly SpanType[]
}

/** Spans by name, type, kind and service, the most frequent first, at most 200. Percentiles are exact. */
export interface OperationList {
  readonly range: ResolvedRange
  readonly rows: readonly {
    readonly name: string
    readonly type: SpanType
    readonly kind: SpanDetail['kind']
    readonly service: string | null
    readonly lastSeen: number
    /** The newest run in which it occurred. */
    readonly traceId: string
    readonly count: number
    readonly errors: number
    readonly meanDuration: number | null
    readonly p50: number | null
    readonly p95: number | null
    readonly p99: number | null
  }[]
  /** How many traces of the window were read; fewer than all when `exact` is false (then the newest ones). */
  readonly counted: number
  readonly exact: boolean
}
