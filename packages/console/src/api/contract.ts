/**
 * The JSON API of the console: the type of every answer, and of every query parameter.
 *
 * Conventions, for all answers:
 * - Times are milliseconds since the epoch, durations are milliseconds; both may have fractions (microseconds).
 * - Ids are lower-case hex (trace 32, span 16 digits). Money is US dollars. Sizes are bytes.
 * - `null` means "not known" and is never the same as 0. A model without a price gives `null` cost and counts in `unpriced`.
 * - An error is an HTTP status of 400 or more with an {@link ApiError} body.
 *
 * | path | query | answer |
 * |---|---|---|
 * | `GET /api/overview` | {@link OverviewQuery} | {@link Overview} |
 * | `GET /api/traces` | {@link TraceQuery} | {@link TraceList} |
 * | `GET /api/facets` | {@link TraceFilter} | {@link Facets} |
 * | `GET /api/traces/{traceId}` | - | {@link TraceSkeleton} |
 * | `GET /api/traces/{traceId}/spans/{spanId}` | - | {@link SpanDetail} |
 * | `GET /api/traces/{traceId}/conversation` | - | {@link Conversation} |
 * | `GET /api/traces/{traceId}/logs` | - | {@link LogList} |
 * | `GET /api/traces/{traceId}/otlp` | - | {@link OtlpTraces}, for copying and exporting |
 * | `GET /api/agents` | {@link OverviewQuery} | {@link AgentGraph} |
 * | `GET /api/agents/{name}` | {@link OverviewQuery} | {@link AgentPage} |
 * | `GET /api/operations` | {@link OperationQuery} | {@link OperationList} |
 * | `GET /api/events` | {@link OverviewQuery} | {@link EventList} |
 * | `GET /api/transactions/{id}` | - | {@link Transaction} |
 * | `GET /api/workers` | {@link WorkerQuery} | {@link WorkerList} |
 * | `GET /api/costs` | {@link CostQuery} | {@link CostBreakdown} |
 * | `GET /api/sessions`, `GET /api/users` | {@link ActorQuery} | {@link ActorList} |
 * | `DELETE /api/users/{id}` | - | {@link ForgottenUser} |
 * | `GET /api/otlp/{signal}` | {@link OtlpQuery} | {@link OtlpPage} |
 * | `GET /api/logs` | {@link LogQuery} | {@link LogList} |
 * | `GET /api/metrics` | {@link MetricListQuery} | {@link MetricList} |
 * | `GET /api/metrics/series` | {@link MetricSeriesQuery} | {@link MetricSeriesList} |
 * | `GET /api/alerts` | - | {@link AlertList} |
 * | `GET /api/alerts/history` | `id`, `limit` | {@link AlertHistory} |
 * | `GET /api/alerts/rules` | - | {@link AlertRuleList} |
 * | `GET /api/alerts/incident` | `id` | {@link IncidentReport} |
 * | `POST /api/alerts/acknowledge`, `/resolve` | body {@link AlertDeed} | {@link DeedDone} |
 * | `POST /api/alerts/silences` | body {@link SilenceRequest} | {@link Silence} |
 * | `POST /api/alerts/silences/end` | body {@link SilenceEnd} | {@link DeedDone} |
 * | `GET /api/audit` | {@link AuditQuery} | {@link AuditList} |
 * | `GET /api/audit/summary` | {@link AuditQuery} | {@link AuditTotals} |
 * | `GET /api/audit/verify` | - | {@link AuditVerification} |
 * | `GET /api/losses` | {@link TimeRange} | {@link LossList} |
 * | `GET /api/status` | - | {@link ConsoleStatus} |
 * | `GET /api/live` | - | server-sent events, {@link LiveEvent} |
 * | `GET /api/openapi.json` | - | OpenAPI 3.1 |
 */

export type * from './contract-aggregates.ts'
export type * from './contract-alerts.ts'
export type * from './contract-signals.ts'
export type * from './contract-span.ts'
export type * from './contract-trace.ts'
export type * from './contract-work.ts'

/** Any failure. `message` says what is wrong and what to do. */
export interface ApiError {
  readonly error: {
    /** Stable, e.g. `bad_query`, `not_found`, `forbidden_origin`, `token_needed`, `internal`. */
    readonly code: string
    readonly message: string
  }
}

/** A window of time. Without `to`, now; without `from`, an hour before `to`. Accepts epoch milliseconds, or `-30m`, `-6h`, `-7d`. */
export interface TimeRange {
  readonly from?: number | string
  readonly to?: number | string
}

/** Parameters of the overview, the agent graph and an agent's page. */
export interface OverviewQuery extends TimeRange {
  readonly service?: string
}

/** A resolved window, echoed in answers. */
export interface ResolvedRange {
  readonly from: number
  readonly to: number
}

/** Spans as the body of an OTLP/JSON request. */
export interface OtlpTraces {
  readonly resourceSpans: readonly object[]
}

/** Parameters of `GET /api/otlp/{signal}`, whose `signal` is `traces`, `logs` or `metrics`. */
export interface OtlpQuery extends TimeRange {
  /** 1 to 500: traces (default 20), records or points (default 500) a page. */
  readonly limit?: number
  readonly cursor?: string
}

/** A page of what was received, for archives: `otlp` is the body of an OTLP/JSON request. Spans and records as they were sent, oldest first; of metrics what the store keeps, series by series. */
export interface OtlpPage {
  readonly otlp: object
  /** Spans, records or points in it. */
  readonly items: number
  readonly nextCursor: string | null
}
