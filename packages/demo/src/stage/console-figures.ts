import { setTimeout as sleep } from 'node:timers/promises'
import {
  ATTR_AGENTEL_ANOMALY_EXPLANATION,
  ATTR_AGENTEL_ANOMALY_SIGNAL_NAME,
  EVENT_AGENTEL_ANOMALY_DETECTED,
} from '@agentel/semconv'
import type { LogList, Overview, TraceList, TraceSkeleton, TraceSummary } from '@agentel/console'
import type { CallFigures } from './figures.ts'
import { noFigures } from './figures.ts'

/** What the console's API says of everything that it has received. */
export interface ConsoleFigures {
  traces: number
  failedTraces: number
  spans: number
  /** Totals of the overview, which come from roll-ups. */
  totals: CallFigures
  /** Sums over the spans of all traces, by agent. */
  agents: ReadonlyMap<string, CallFigures>
  /** Number of spans by type. */
  types: ReadonlyMap<string, number>
  /** Failed spans by type. */
  failedTypes: ReadonlyMap<string, number>
  /** What the console says of each trace, by its session; traces of one session follow each other. */
  sessions: ReadonlyMap<string, TraceFigures[]>
  /** Anomalies that were reported, oldest first. */
  anomalies: readonly ReportedAnomaly[]
}

/** One anomaly. `question`: how many runs had begun when it was reported. */
export interface ReportedAnomaly {
  readonly agent: string
  readonly signal: string
  readonly question: number
  readonly explanation: string
}

/** One trace in figures. Cost in US dollars. */
export type TraceFigures = Pick<TraceSummary, 'spans' | 'inputTokens' | 'outputTokens' | 'cost'>

const PATIENCE = 15_000

/** Reads the figures as soon as `traces` traces are there, complete and at rest (or after a while, what is there). */
export async function readConsole(url: string, traces: number): Promise<ConsoleFigures> {
  const overview = await settledOverview(url, traces)
  const skeletons = await Promise.all((await traceIds(url)).map((id) => get<TraceSkeleton>(url, `/api/traces/${id}`)))
  const { totals } = overview
  const figures = {
    traces: totals.traces,
    failedTraces: totals.failedTraces,
    spans: totals.spans,
    totals: {
      calls: totals.modelCalls,
      inputTokens: totals.inputTokens,
      outputTokens: totals.outputTokens,
      cost: totals.cost ?? 0,
      errors: 0,
    },
    agents: new Map<string, CallFigures>(),
    types: new Map<string, number>(),
    failedTypes: new Map<string, number>(),
    sessions: sessionsOf(skeletons),
    anomalies: await anomaliesOf(url, skeletons),
  }
  for (const skeleton of skeletons) addSkeleton(figures, skeleton)
  for (const { errors } of figures.agents.values()) figures.totals.errors += errors
  return figures
}

async function settledOverview(url: string, traces: number): Promise<Overview> {
  const deadline = Date.now() + PATIENCE
  let before = -1
  for (;;) {
    const overview = await get<Overview>(url, '/api/overview?from=-7d')
    const { totals } = overview
    const settled = totals.traces >= traces && totals.openTraces === 0 && totals.spans === before
    if (settled || Date.now() > deadline) return overview
    before = totals.spans
    await sleep(400)
  }
}

async function traceIds(url: string): Promise<string[]> {
  const ids: string[] = []
  let cursor = ''
  for (;;) {
    const list = await get<TraceList>(url, `/api/traces?from=-7d&limit=500${cursor}`)
    ids.push(...list.traces.map(({ traceId }) => traceId))
    if (list.nextCursor === null) return ids
    cursor = `&cursor=${encodeURIComponent(list.nextCursor)}`
  }
}

function addSkeleton(
  figures: { agents: Map<string, CallFigures>; types: Map<string, number>; failedTypes: Map<string, number> },
  { spans, dictionaries }: TraceSkeleton,
): void {
  for (const [row, code] of spans.type.entries()) {
    const type = dictionaries.types[code] ?? 'other'
    const failed = spans.status[row] === 2
    figures.types.set(type, (figures.types.get(type) ?? 0) + 1)
    if (failed) figures.failedTypes.set(type, (figures.failedTypes.get(type) ?? 0) + 1)
    if (type !== 'model' && type !== 'embeddings') continue
    const agent = dictionaries.agents[spans.agent[row] ?? -1] ?? '(none)'
    const sums = figures.agents.get(agent) ?? noFigures()
    figures.agents.set(agent, sums)
    sums.calls++
    sums.inputTokens += spans.inputTokens[row] ?? 0
    sums.outputTokens += spans.outputTokens[row] ?? 0
    sums.cost += spans.cost[row] ?? 0
    if (failed) sums.errors++
  }
}

function sessionsOf(skeletons: readonly TraceSkeleton[]): Map<string, TraceFigures[]> {
  const groups = Map.groupBy(skeletons, ({ trace }) => trace.session ?? '(none)')
  const figures = ({ trace: { spans, inputTokens, outputTokens, cost } }: TraceSkeleton) => ({
    spans,
    inputTokens,
    outputTokens,
    cost,
  })
  return new Map([...groups].map(([session, list]) => [session, list.map(figures)]))
}

async function anomaliesOf(url: string, skeletons: readonly TraceSkeleton[]): Promise<ReportedAnomaly[]> {
  const { logs } = await get<LogList>(url, `/api/logs?from=-7d&limit=500&event=${EVENT_AGENTEL_ANOMALY_DETECTED}`)
  const begins = skeletons.map(({ trace }) => trace.startTime)
  return logs.toReversed().map(({ agent, attributes, time }) => ({
    agent: agent ?? '(none)',
    signal: String(attributes[ATTR_AGENTEL_ANOMALY_SIGNAL_NAME]),
    question: begins.filter((begin) => begin <= time).length,
    explanation: String(attributes[ATTR_AGENTEL_ANOMALY_EXPLANATION]),
  }))
}

async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(url + path)
  if (!response.ok) throw new Error(`The console answered ${response.status} to ${path}: ${await response.text()}`)
  return (await response.json()) as T
}
