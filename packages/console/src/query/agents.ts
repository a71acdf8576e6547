import type { AgentGraph, AgentPage, ResolvedRange } from '../api/contract.ts'
import {
  ATTR_AGENTEL_AGENT_CAPABILITIES,
  ATTR_AGENTEL_AGENT_TOOLS,
  ATTR_GEN_AI_AGENT_DESCRIPTION,
  ATTR_GEN_AI_AGENT_NAME,
  METRIC_PROCESS_UPTIME,
} from '@agentel/semconv'
import { FACET_DIMS, ROLLUP_DIMS, TYPE_CODES } from '../store/codes.ts'
import { plainAttributes } from '../otlp/attributes.ts'
import { decisionsOf } from './decisions.ts'
import { type Edge, edgesOf, isMeeting } from './edges.ts'
import { rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'
import {
  addRow,
  axisOf,
  bucketsOf,
  millisAt,
  noTotals,
  rollupRows,
  rowsOfWindow,
  statsOf,
  sumOf,
  type Totals,
  totalsByKey,
  totalsByStep,
} from './rollup-reader.ts'
import { storedSpan } from './stored-messages.ts'
import { hexOf, SUMMARY_COLUMNS, summaryOf } from './trace-summary.ts'

const USER_ID = 'user'
const MAX_EDGES = 500
const MAX_RECENT = 20
/** So many of the newest traces are counted for the nodes; so many edges name traces. */
const MAX_COUNTED = 1000
const MAX_TRACED_EDGES = 60

function nodeId(kind: 'agent' | 'tool', name: string): string {
  return `${kind}:${name}`
}

function fromId(edge: Edge): string {
  return edge.from === '' ? USER_ID : nodeId('agent', edge.from)
}

function toId(edge: Edge): string {
  return nodeId(edge.kind === 'tool' ? 'tool' : 'agent', edge.to)
}

/** In how many of the newest traces of the window each agent and tool occurs, by {@link nodeId}. */
function traceCounts(reader: Reader, range: ResolvedRange): Map<string, number> {
  const rows = reader.rows(
    `SELECT agents, tools FROM traces WHERE start >= ? AND start < ? ORDER BY start DESC LIMIT ${MAX_COUNTED}`,
    range.from * 1000,
    range.to * 1000,
  )
  const counts = new Map<string, number>()
  const add = (kind: 'agent' | 'tool', names: unknown): void => {
    for (const name of JSON.parse(String(names)) as number[]) {
      const id = nodeId(kind, reader.text(name))
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
  }
  for (const [agents, tools] of rows) {
    add('agent', agents)
    add('tool', tools)
  }
  return counts
}

function nodesOf(
  reader: Reader,
  range: ResolvedRange,
  service: string | null,
  edges: readonly Edge[],
): AgentGraph['nodes'] {
  const buckets = bucketsOf(range)
  const agents = totalsByKey(reader, { dim: ROLLUP_DIMS.agent, buckets, service })
  const tools = totalsByKey(reader, { dim: ROLLUP_DIMS.tool, buckets, service })
  const counts = traceCounts(reader, range)
  const byName = new Map<string, { kind: 'agent' | 'tool'; name: string; totals: Totals }>()
  const add = (kind: 'agent' | 'tool', name: string, totals?: Totals): void => {
    const id = nodeId(kind, name)
    if (name !== '' && !byName.has(id)) byName.set(id, { kind, name, totals: totals ?? noTotals() })
  }
  for (const [key, totals] of agents) add('agent', reader.text(key), totals)
  for (const [key, totals] of tools) add('tool', reader.text(key), totals)
  for (const edge of edges) {
    if (edge.from !== '') add('agent', edge.from)
    add(edge.kind === 'tool' ? 'tool' : 'agent', edge.to)
  }
  const nodes: AgentGraph['nodes'][number][] = [...byName].map(([id, { kind, name, totals }]) => ({
    id,
    kind,
    name,
    traces: counts.get(id) ?? 0,
    ...statsOf(totals),
  }))
  if (!edges.some((edge) => edge.from === '')) return nodes
  const traces = sumOf(rowsOfWindow(reader, { dim: ROLLUP_DIMS.trace, buckets, service })).n
  return [{ id: USER_ID, kind: 'user', name: 'user', traces, ...statsOf(noTotals()) }, ...nodes]
}

/** The newest traces in which both ends of an edge occur. */
function tracesOfEdge(reader: Reader, range: ResolvedRange, edge: Edge): string[] {
  const to = [edge.kind === 'tool' ? FACET_DIMS.tool : FACET_DIMS.agent, reader.idOf(edge.to) ?? -1]
  const alsoFrom = 'AND EXISTS (SELECT 1 FROM trace_facets g WHERE g.dim = ? AND g.key = ? AND g.tr = f.tr)'
  return reader
    .rows(
      `SELECT t.trace_id FROM trace_facets f CROSS JOIN traces t ON t.tr = f.tr WHERE f.dim = ? AND f.key = ?
        ${edge.from === '' ? '' : alsoFrom} AND t.start >= ? AND t.start < ? ORDER BY f.tr DESC LIMIT 5`,
      ...to,
      ...(edge.from === '' ? [] : [FACET_DIMS.agent, reader.idOf(edge.from) ?? -1]),
      range.from * 1000,
      range.to * 1000,
    )
    .map(([id]) => hexOf(id))
}

function matrixOf(edges: readonly Edge[]): AgentGraph['matrix'] {
  const pairs = new Map<string, Totals>()
  for (const edge of edges) {
    const pair = `${fromId(edge)}\n${toId(edge)}`
    let totals = pairs.get(pair)
    if (totals === undefined) pairs.set(pair, (totals = noTotals()))
    mergeTotals(totals, edge.totals)
  }
  const from = [...new Set(edges.map(fromId))]
  const to = [...new Set(edges.map(toId))]
  const cellOf = (totals: Totals | undefined) =>
    totals === undefined ? null : { count: totals.n, errors: totals.errors, p95: millisAt(totals, 0.95) }
  return { from, to, cells: from.map((a) => to.map((b) => cellOf(pairs.get(`${a}\n${b}`)))) }
}

function mergeTotals(into: Totals, from: Totals): void {
  into.n += from.n
  into.errors += from.errors
  from.histogram.forEach((count, i) => (into.histogram[i]! += count))
}

/** `GET /api/agents` */
export function agentGraph(reader: Reader, query: URLSearchParams): AgentGraph {
  const range = rangeOf(query)
  const service = query.get('service')
  const edges = edgesOf(reader, range, service, isMeeting)
    .filter(isMeeting)
    .toSorted((a, b) => b.totals.n - a.totals.n)
    .slice(0, MAX_EDGES)
  const minutes = Math.max(1 / 60, (range.to - range.from) / 60_000)
  return {
    range,
    nodes: nodesOf(reader, range, service, edges),
    edges: edges.map((edge, i) => ({
      from: fromId(edge),
      to: toId(edge),
      kind: edge.kind,
      count: edge.totals.n,
      errors: edge.totals.errors,
      p95: millisAt(edge.totals, 0.95),
      rate: edge.totals.n / minutes,
      traceIds: i < MAX_TRACED_EDGES ? tracesOfEdge(reader, range, edge) : [],
    })),
    matrix: matrixOf(edges),
  }
}

/** What the newest invocation says of the agent itself. */
function declared(reader: Reader, agent: number): Pick<AgentPage, 'description' | 'declaredTools' | 'capabilities'> {
  const newest = reader.row(
    `SELECT s.tr, s.span_id FROM (SELECT tr FROM trace_facets WHERE dim = ? AND key = ? ORDER BY tr DESC LIMIT 5) f
      CROSS JOIN spans s ON s.tr = f.tr WHERE s.agent = ? AND s.type = ? LIMIT 1`,
    FACET_DIMS.agent,
    agent,
    agent,
    TYPE_CODES.agent,
  )
  const stored = newest && storedSpan(reader, Number(newest[0]), hexOf(newest[1]))
  const attributes = plainAttributes(stored?.span.attributes)
  const names = (key: string): string[] => (Array.isArray(attributes[key]) ? attributes[key].map(String) : [])
  const description = attributes[ATTR_GEN_AI_AGENT_DESCRIPTION]
  return {
    description: typeof description === 'string' ? description : null,
    declaredTools: names(ATTR_AGENTEL_AGENT_TOOLS),
    capabilities: names(ATTR_AGENTEL_AGENT_CAPABILITIES),
  }
}

function namedStats(edges: readonly Edge[], kind: Edge['kind']): ({ name: string } & ReturnType<typeof statsOf>)[] {
  return edges
    .filter((edge) => edge.kind === kind)
    .map((edge) => ({ name: edge.to, ...statsOf(edge.totals) }))
    .toSorted((a, b) => b.count - a.count)
}

function recentTraces(reader: Reader, range: ResolvedRange, agent: number): AgentPage['recent'] {
  return reader
    .rows(
      `SELECT ${SUMMARY_COLUMNS} FROM trace_facets f CROSS JOIN traces t ON t.tr = f.tr WHERE f.dim = ? AND f.key = ?
        AND t.start >= ? AND t.start < ? ORDER BY f.tr DESC LIMIT ${MAX_RECENT}`,
      FACET_DIMS.agent,
      agent,
      range.from * 1000,
      range.to * 1000,
    )
    .map((row) => summaryOf(reader, row))
}

function seen(reader: Reader, agent: number, end: 'min' | 'max'): number | null {
  const row = reader.row(
    `SELECT t.start FROM trace_facets f CROSS JOIN traces t ON t.tr = f.tr WHERE f.dim = ? AND f.key = ?
      ORDER BY f.tr ${end === 'min' ? 'ASC' : 'DESC'} LIMIT 1`,
    FACET_DIMS.agent,
    agent,
  )
  return row === undefined ? null : Number(row[0]) / 1000
}

/** What the newest process that the agent has for itself says. */
function uptimeOf(reader: Reader, name: string): number | null {
  const row = reader.row(
    `SELECT p.value FROM metrics m JOIN series s ON s.metric = m.id JOIN points p ON p.series = s.id
      WHERE m.name = ? AND json_extract(s.attributes, ?) = ? ORDER BY p.time DESC LIMIT 1`,
    METRIC_PROCESS_UPTIME,
    `$."${ATTR_GEN_AI_AGENT_NAME}"`,
    name,
  )
  return row === undefined ? null : Number(row[0]) * 1000
}

/** `GET /api/agents/{name}`; undefined when no agent of that name was ever seen. */
export function agentPage(reader: Reader, name: string, query: URLSearchParams): AgentPage | undefined {
  const agent = reader.idOf(name)
  if (agent === undefined || seen(reader, agent, 'max') === null) return undefined
  const range = rangeOf(query)
  const service = query.get('service')
  const buckets = bucketsOf(range)
  const rows = rollupRows(reader, { dim: ROLLUP_DIMS.agent, buckets, service, keys: [agent] })
  const totals = noTotals()
  for (const row of rows) addRow(totals, row)
  const steps = totalsByStep(rows, buckets)
  const { start, step } = axisOf(buckets)
  const edges = edgesOf(reader, range, service, (edge) => edge.from === name || edge.to === name)
  const own = edges.filter((edge) => edge.from === name)
  const met = (edge: Edge) => ({ count: edge.totals.n, errors: edge.totals.errors, p95: millisAt(edge.totals, 0.95) })
  return {
    range,
    name,
    stats: statsOf(totals),
    successRate: totals.n > 0 ? 1 - totals.errors / totals.n : null,
    uptime: uptimeOf(reader, name),
    firstSeen: seen(reader, agent, 'min'),
    lastSeen: seen(reader, agent, 'max'),
    ...declared(reader, agent),
    series: {
      start,
      step,
      count: steps.map((t) => t?.n ?? 0),
      errors: steps.map((t) => t?.errors ?? 0),
      p95: steps.map((t) => millisAt(t, 0.95)),
      cost: steps.map((t) => t?.cost ?? 0),
    },
    models: namedStats(own, 'model'),
    tools: namedStats(own, 'tool'),
    tasks: namedStats(own, 'task'),
    decisions: decisionsOf(reader, range, agent),
    incoming: edges
      .filter((edge) => edge.to === name)
      .filter(isMeeting)
      .filter((edge) => edge.kind !== 'tool')
      .map((edge) => ({ from: edge.from === '' ? USER_ID : edge.from, kind: edge.kind, ...met(edge) })),
    outgoing: own.filter(isMeeting).map((edge) => ({ to: edge.to, kind: edge.kind, ...met(edge) })),
    errorTypes: namedStats(own, 'error').map((error) => ({ type: error.name, count: error.count })),
    recent: recentTraces(reader, range, agent),
  }
}
