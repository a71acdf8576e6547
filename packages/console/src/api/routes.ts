import { listLogs, logsOfTrace } from '../query/logs.ts'
import type { Reader } from '../query/reader.ts'
import { traceSkeleton } from '../query/skeleton.ts'
import { spanDetail } from '../query/span-detail.ts'
import { consoleStatus, type RuntimeStatus } from '../query/status.ts'
import { countFacets, listTraces } from '../query/traces.ts'

/** What a route works with. */
export interface RouteContext {
  readonly reader: Reader
  readonly query: URLSearchParams
  /** Values of the path's `{names}`, decoded, in order. */
  readonly path: readonly string[]
  runtime(): RuntimeStatus
}

/** One GET of the API. The answer is sent as JSON; undefined is a 404. */
export interface Route {
  /** As OpenAPI writes it, e.g. `/api/traces/{traceId}`. */
  readonly path: string
  /** What it gives, for OpenAPI. */
  readonly summary: string
  readonly answer: (context: RouteContext) => unknown
}

/** All routes but the live stream and the OpenAPI document itself. */
export const ROUTES: readonly Route[] = [
  {
    path: '/api/traces',
    summary: 'Traces that match a filter',
    answer: ({ reader, query }) => listTraces(reader, query),
  },
  {
    path: '/api/facets',
    summary: 'Values to filter by, counted',
    answer: ({ reader, query }) => countFacets(reader, query),
  },
  {
    path: '/api/traces/{traceId}',
    summary: 'A whole trace without content',
    answer: ({ reader, path }) => traceSkeleton(reader, path[0]!),
  },
  {
    path: '/api/traces/{traceId}/spans/{spanId}',
    summary: 'One span in full',
    answer: ({ reader, path }) => spanDetail(reader, path[0]!, path[1]!),
  },
  {
    path: '/api/traces/{traceId}/logs',
    summary: 'Log records of a trace',
    answer: ({ reader, path }) => logsOfTrace(reader, path[0]!),
  },
  { path: '/api/logs', summary: 'Log records', answer: ({ reader, query }) => listLogs(reader, query) },
  {
    path: '/api/status',
    summary: 'The console itself',
    answer: ({ reader, runtime }) => consoleStatus(reader, runtime()),
  },
]

interface Compiled {
  readonly route: Route
  readonly pattern: RegExp
}

const COMPILED: readonly Compiled[] = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
}))

/** The route of a path with the values in it; undefined when there is none. */
export function findRoute(pathname: string): { route: Route; path: string[] } | undefined {
  for (const { route, pattern } of COMPILED) {
    const match = pattern.exec(pathname)
    if (match === null) continue
    try {
      return { route, path: match.slice(1).map(decodeURIComponent) }
    } catch {
      return undefined // A malformed escape names nothing.
    }
  }
  return undefined
}
