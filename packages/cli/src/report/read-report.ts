import type { AgentGraph, CostBreakdown, LogList, Overview } from '@agentel/console'
import {
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
} from '@agentel/semconv'
import type { Source } from '../frame/source.ts'

/** What a report is made of: answers of the console's API. */
export interface Report {
  readonly overview: Overview
  readonly graph: AgentGraph
  readonly costs: CostBreakdown
  /** Events that asked for attention, the newest first. */
  readonly signals: LogList['logs']
}

const SIGNALS = [
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
]
const MOST = 20

/** Asks for all that a report of a window needs. */
export async function readReport(source: Source, window: Record<string, string>): Promise<Report> {
  const [overview, graph, costs, ...lists] = await Promise.all([
    source.get<Overview>('/api/overview', window),
    source.get<AgentGraph>('/api/agents', window),
    source.get<CostBreakdown>('/api/costs', { ...window, by: 'model' }),
    ...SIGNALS.map((event) => source.get<LogList>('/api/logs', { ...window, event, limit: MOST })),
  ])
  const signals = lists.flatMap(({ logs }) => logs).toSorted((a, b) => b.time - a.time)
  return { overview, graph, costs, signals: signals.slice(0, MOST) }
}
