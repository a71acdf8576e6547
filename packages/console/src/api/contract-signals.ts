import type { ResolvedRange, TimeRange } from './contract.ts'
import type { AttributeMap, AttributeValue } from './contract-span.ts'
import type { TraceSummary } from './contract-trace.ts'

export interface LogRecord {
  /** Position in the store; also the cursor. */
  readonly id: number
  readonly time: number
  /** OTLP severity number, 0 when unset. */
  readonly severity: number
  readonly severityText: string | null
  /** `eventName` of the record, e.g. `agentel.decision`. */
  readonly event: string | null
  readonly body: AttributeValue
  readonly attributes: AttributeMap
  readonly service: string | null
  readonly scope: string | null
  readonly agent: string | null
  readonly traceId: string | null
  readonly spanId: string | null
}

export interface LogQuery extends TimeRange {
  /** Lowest severity number, e.g. 17 for errors. */
  readonly minSeverity?: number
  readonly event?: string
  readonly service?: string
  readonly agent?: string
  readonly traceId?: string
  /** Words in the body. */
  readonly text?: string
  /** 1 to 500, default 100. */
  readonly limit?: number
  readonly cursor?: string
}

/** Newest first for `/api/logs`, oldest first for the logs of one trace. */
export interface LogList {
  readonly range: ResolvedRange | null
  readonly logs: readonly LogRecord[]
  readonly nextCursor: string | null
}

export interface MetricListQuery {
  /** `*` matches anything, e.g. `gen_ai.client.*`. */
  readonly pattern?: string
}

export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'

/** How much a metric matters: what must be seen at once is critical, how the runtime is doing is for debugging. */
export type MetricImportance = 'debug' | 'info' | 'warning' | 'error' | 'critical'

export interface MetricList {
  readonly metrics: readonly {
    readonly name: string
    readonly importance: MetricImportance
    readonly description: string | null
    readonly unit: string | null
    readonly kind: MetricKind
    readonly monotonic: boolean
    readonly temporality: 'delta' | 'cumulative' | null
    readonly series: number
    readonly lastSeen: number
  }[]
}

export interface MetricSeriesQuery extends TimeRange {
  readonly name: string
  /** Sum up series that agree in this attribute; repeatable. Without it, one series per attribute set. */
  readonly by?: string | readonly string[]
  readonly service?: string
}

/** Points as columns. Counters are per-interval increases; histograms give count, sum and percentiles of each interval. */
export interface MetricSeriesList {
  readonly range: ResolvedRange
  readonly name: string
  readonly unit: string | null
  readonly kind: MetricKind
  readonly series: readonly {
    readonly attributes: AttributeMap
    readonly service: string | null
    readonly time: readonly number[]
    /** Gauge: the value. Sum: the increase. Histogram: the sum of the interval. */
    readonly value: readonly (number | null)[]
    /** Counters: the increase a second; null where the first point does not say since when it counts. */
    readonly rate: readonly (number | null)[] | null
    readonly count: readonly number[] | null
    readonly p50: readonly (number | null)[] | null
    readonly p95: readonly (number | null)[] | null
    readonly p99: readonly (number | null)[] | null
  }[]
  /** Over all points of the window; of a counter over what it gained from point to point. */
  readonly summary: {
    readonly count: number
    /** What a counter gained, or all that a histogram was given, in the window; null where adding up says nothing. */
    readonly sum: number | null
    readonly min: number | null
    readonly max: number | null
    readonly mean: number | null
    readonly median: number | null
    /** Of a histogram an estimate: each bucket counts with its middle. */
    readonly standardDeviation: number | null
    readonly p90: number | null
    readonly p95: number | null
    readonly p99: number | null
  }
  readonly truncated: boolean
}

export interface SignalCounts {
  readonly spans: number
  readonly logs: number
  readonly metricPoints: number
}

/** The console itself. */
export interface ConsoleStatus {
  readonly version: string
  readonly startTime: number
  readonly now: number
  readonly endpoints: {
    /** OTLP/HTTP base, also the page, e.g. `http://127.0.0.1:4318`. */
    readonly http: string
    /** OTLP/gRPC, e.g. `http://127.0.0.1:4317`; null when off. */
    readonly grpc: string | null
  }
  readonly store: {
    readonly file: string
    readonly bytes: number
    readonly schemaVersion: number
    readonly traces: number
    readonly stored: SignalCounts
    readonly oldest: number | null
    readonly newest: number | null
    /** null when writing works; else what is wrong (for instance, the disk is full). */
    readonly fault: string | null
  }
  readonly retention: {
    readonly maxAge: number | null
    /** Failed traces are kept so long. */
    readonly maxErrorAge: number | null
    /** Share of the others that is kept as long as failed ones, 0 to 1. */
    readonly keepShare: number
    /** Points of metrics are kept so long. */
    readonly maxMetricAge: number | null
    readonly maxBytes: number | null
    readonly deletedTraces: number
  }
  readonly received: SignalCounts & {
    /** Per second, over the last ten seconds. */
    readonly spansPerSecond: number
    readonly requests: number
    readonly bytes: number
    /** Spans that were in the store already (a resent body). */
    readonly duplicates: number
    /** Why something was not stored, with its number: `too_large`, `bad_body`, `busy`, `store_fault`, `invalid_span`, ... */
    readonly rejected: Readonly<Record<string, number>>
  }
  readonly pricing: { readonly version: string | null }
  readonly liveClients: number
}

/** What senders say of themselves that did not leave them: it is counted there, and here only heard of. */
export interface LossList {
  readonly range: ResolvedRange
  /** The most first. */
  readonly rows: readonly {
    readonly service: string | null
    /** `items` are what agentel counts under `agentel.self.dropped`: spans or log lines. */
    readonly what: 'spans' | 'log records' | 'items'
    /** OpenTelemetry's `error.type` (`queue_full`, or the error of an export), or the part of agentel whose bound was reached. */
    readonly reason: string
    /** The reason in words. */
    readonly meaning: string
    /** What makes it happen less; null where nothing that can be set does. */
    readonly advice: string | null
    readonly count: number
  }[]
}

/** What `DELETE /api/users/{id}` took away. */
export interface ForgottenUser {
  readonly traces: number
  readonly logs: number
  readonly metricSeries: number
}

/**
 * Server-sent events of `/api/live`. `event:` is the type, `data:` the JSON of the whole object. At most 5 a second for a
 * client; a slow client loses the oldest traces, which `skipped` counts. `hello` comes first; a comment line every 15 s keeps the
 * connection open.
 */
export type LiveEvent =
  | { readonly type: 'hello'; readonly now: number; readonly version: string }
  | {
      readonly type: 'traces'
      readonly now: number
      /** New or changed since the last event, newest first, at most 200. */
      readonly traces: readonly TraceSummary[]
      readonly skipped: number
    }
  | {
      readonly type: 'rates'
      readonly now: number
      readonly spansPerSecond: number
      readonly logsPerSecond: number
      readonly stored: SignalCounts
    }
  | { readonly type: 'logs'; readonly now: number; readonly logs: readonly LogRecord[]; readonly skipped: number }
  | { readonly type: 'fault'; readonly now: number; readonly message: string | null }
