import { listActors } from '../query/actors.ts'
import { agentGraph, agentPage } from '../query/agents.ts'
import { conversation } from '../query/conversation.ts'
import { costBreakdown } from '../query/costs.ts'
import { listLosses } from '../query/losses.ts'
import { listLogs, logsOfTrace } from '../query/logs.ts'
import { listMetrics, metricSeries } from '../query/metrics.ts'
import { traceAsOtlp } from '../query/otlp-export.ts'
import { listEvents } from '../query/events.ts'
import { listOperations } from '../query/operations.ts'
import { otlpPage } from '../query/otlp-pages.ts'
import { overview } from '../query/overview.ts'
import type { AuditSource } from '../alerts/audit-source.ts'
import type { ConsoleAlerts } from '../alerts/console-alerts.ts'
import { incidentReport } from '../alerts/incident.ts'
import { auditEntries, auditTotals, auditVerification } from '../query/audit.ts'
import type { Reader } from '../query/reader.ts'
import { traceSkeleton } from '../query/skeleton.ts'
import { spanDetail } from '../query/span-detail.ts'
import { consoleStatus, type RuntimeStatus } from '../query/status.ts'
import { countFacets, listTraces } from '../query/traces.ts'
import { transaction } from '../query/transaction.ts'
import { listWorkers } from '../query/workers.ts'
import type { SchemaName } from './generated/schemas.ts'
import { compilePaths } from './paths.ts'

/** What a route works with. */
export interface RouteContext {
  readonly reader: Reader
  readonly query: URLSearchParams
  /** Values of the path's `{names}`, decoded, in order. */
  readonly path: readonly string[]
  runtime(): RuntimeStatus
  readonly alerts: ConsoleAlerts
  readonly audit: AuditSource
}

/** One GET of the API. The answer is sent as JSON; undefined is a 404. */
export interface Route {
  /** As OpenAPI writes it, e.g. `/api/traces/{traceId}`. */
  readonly path: string
  /** What it gives, for OpenAPI. */
  readonly summary: string
  /** The type of the answer, of `contract.ts`. */
  readonly gives: SchemaName
  readonly answer: (context: RouteContext) => unknown
  /** Names of the query's parameters, and of those that may not be missing. */
  readonly query?: readonly string[]
  readonly required?: readonly string[]
}

const RANGE = ['from', 'to'] as const
const WINDOW = [...RANGE, 'service'] as const
const FILTER = [
  ...WINDOW,
  'status',
  'agent',
  'model',
  'tool',
  'user',
  'session',
  'error',
  'minDuration',
  'maxDuration',
  'minCost',
  'maxCost',
  'minTokens',
  'text',
] as const
const PAGE = ['limit', 'cursor'] as const

const AUDIT = [
  ...RANGE,
  'event',
  'agent',
  'user',
  'session',
  'traceId',
  'severity',
  'minSeverity',
  'limit',
  'offset',
  'cursor',
] as const

/** All routes but the live stream and the OpenAPI document itself. */
export const ROUTES: readonly Route[] = [
  {
    path: '/api/overview',
    gives: 'Overview',
    query: WINDOW,
    summary: 'Totals and series of a window',
    answer: ({ reader, query }) => overview(reader, query),
  },
  {
    path: '/api/traces',
    gives: 'TraceList',
    query: [...FILTER, 'sort', 'order', ...PAGE],
    summary: 'Traces that match a filter',
    answer: ({ reader, query }) => listTraces(reader, query),
  },
  {
    path: '/api/facets',
    gives: 'Facets',
    query: FILTER,
    summary: 'Values to filter by, counted',
    answer: ({ reader, query }) => countFacets(reader, query),
  },
  {
    path: '/api/traces/{traceId}',
    gives: 'TraceSkeleton',
    summary: 'A whole trace without content',
    answer: ({ reader, path }) => traceSkeleton(reader, path[0]!),
  },
  {
    path: '/api/traces/{traceId}/spans/{spanId}',
    gives: 'SpanDetail',
    summary: 'One span in full',
    answer: ({ reader, path }) => spanDetail(reader, path[0]!, path[1]!),
  },
  {
    path: '/api/traces/{traceId}/logs',
    gives: 'LogList',
    summary: 'Log records of a trace',
    answer: ({ reader, path }) => logsOfTrace(reader, path[0]!),
  },
  {
    path: '/api/traces/{traceId}/conversation',
    gives: 'Conversation',
    summary: 'Messages of a trace, each once',
    answer: ({ reader, path }) => conversation(reader, path[0]!),
  },
  {
    path: '/api/traces/{traceId}/otlp',
    gives: 'OtlpTraces',
    summary: 'A trace as it was sent, in OTLP/JSON',
    answer: ({ reader, path }) => traceAsOtlp(reader, path[0]!),
  },
  {
    path: '/api/agents',
    gives: 'AgentGraph',
    query: WINDOW,
    summary: 'Who works with whom',
    answer: ({ reader, query }) => agentGraph(reader, query),
  },
  {
    path: '/api/agents/{name}',
    gives: 'AgentPage',
    query: WINDOW,
    summary: 'One agent',
    answer: ({ reader, query, path }) => agentPage(reader, path[0]!, query),
  },
  {
    path: '/api/operations',
    gives: 'OperationList',
    query: [...WINDOW, 'type'],
    summary: 'Spans of some types by name',
    answer: ({ reader, query }) => listOperations(reader, query),
  },
  {
    path: '/api/events',
    gives: 'EventList',
    query: WINDOW,
    summary: 'Events on buses by type',
    answer: ({ reader, query }) => listEvents(reader, query),
  },
  {
    path: '/api/transactions/{id}',
    gives: 'Transaction',
    summary: 'The stages of one transaction, in order',
    answer: ({ reader, path }) => transaction(reader, path[0]!),
  },
  {
    path: '/api/workers',
    gives: 'WorkerList',
    query: [...WINDOW, 'slowerThan'],
    summary: 'Executions by worker',
    answer: ({ reader, query }) => listWorkers(reader, query),
  },
  {
    path: '/api/costs',
    gives: 'CostBreakdown',
    query: [...WINDOW, 'by'],
    summary: 'Where the money goes',
    answer: ({ reader, query }) => costBreakdown(reader, query),
  },
  {
    path: '/api/sessions',
    gives: 'ActorList',
    query: [...RANGE, ...PAGE],
    summary: 'Sessions',
    answer: ({ reader, query }) => listActors(reader, 'session', query),
  },
  {
    path: '/api/users',
    gives: 'ActorList',
    query: [...RANGE, ...PAGE],
    summary: 'Users',
    answer: ({ reader, query }) => listActors(reader, 'user', query),
  },
  {
    path: '/api/metrics',
    gives: 'MetricList',
    query: ['pattern', 'importance'],
    summary: 'Known metrics',
    answer: ({ reader, query }) => listMetrics(reader, query),
  },
  {
    path: '/api/metrics/series',
    gives: 'MetricSeriesList',
    query: [...WINDOW, 'name', 'by'],
    required: ['name'],
    summary: 'Points of a metric, with a summary',
    answer: ({ reader, query }) => metricSeries(reader, query),
  },
  {
    path: '/api/logs',
    gives: 'LogList',
    query: [...WINDOW, 'minSeverity', 'event', 'agent', 'traceId', 'text', ...PAGE],
    summary: 'Log records',
    answer: ({ reader, query }) => listLogs(reader, query),
  },
  {
    path: '/api/otlp/{signal}',
    gives: 'OtlpPage',
    query: [...RANGE, ...PAGE],
    summary: 'What was received, as it was sent',
    answer: ({ reader, query, path }) => otlpPage(reader, path[0]!, query),
  },
  {
    path: '/api/alerts',
    gives: 'AlertList',
    summary: 'Open alerts, silences, and how they are evaluated',
    answer: ({ alerts }) => alerts.list(),
  },
  {
    path: '/api/alerts/history',
    gives: 'AlertHistory',
    query: ['id', 'limit'],
    summary: 'Changes of alerts, newest first',
    answer: ({ alerts, query }) => alerts.history(query),
  },
  {
    path: '/api/alerts/rules',
    gives: 'AlertRuleList',
    summary: 'The rules that are evaluated',
    answer: ({ alerts }) => alerts.rules(),
  },
  {
    path: '/api/alerts/incident',
    gives: 'IncidentReport',
    query: ['id'],
    required: ['id'],
    summary: 'The report of one alert, as Markdown',
    answer: ({ reader, alerts, query }) => incidentReport(reader, alerts, query),
  },
  {
    path: '/api/audit',
    gives: 'AuditList',
    query: AUDIT,
    summary: 'Entries of the audit log, newest first',
    answer: ({ audit, query }) => auditEntries(audit, query),
  },
  {
    path: '/api/audit/summary',
    gives: 'AuditTotals',
    query: AUDIT,
    summary: 'Audit entries counted by event, agent and severity',
    answer: ({ audit, query }) => auditTotals(audit, query),
  },
  {
    path: '/api/audit/verify',
    gives: 'AuditVerification',
    summary: 'Whether the chain of the audit log is whole',
    answer: ({ audit }) => auditVerification(audit),
  },
  {
    path: '/api/losses',
    gives: 'LossList',
    query: RANGE,
    summary: 'What senders could not send, as they say themselves',
    answer: ({ reader, query }) => listLosses(reader, query),
  },
  {
    path: '/api/status',
    gives: 'ConsoleStatus',
    summary: 'The console itself',
    answer: ({ reader, runtime }) => consoleStatus(reader, runtime()),
  },
]

const find = compilePaths(ROUTES)

/** The route of a path with the values in it; undefined when there is none. */
export function findRoute(pathname: string): { entry: Route; path: string[] } | undefined {
  return find(pathname)
}
