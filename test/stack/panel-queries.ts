/** The panels of all dashboards, and what they show. */
import { dashboards } from '../../scripts/deploy/dashboard-files.ts'
import type { Panel } from '../../scripts/deploy/dashboards/panels.ts'
import { prometheusSamples, prometheusValues } from './backends.ts'
import type { PanelTraffic } from './panel-traffic.ts'

/** A panel of metrics. */
export type Chart = Exclude<Panel, { kind: 'logs' }>

/** All panels, by dashboard and title. */
export const panels: readonly (readonly [string, Panel])[] = dashboards.flatMap(({ uid, panels: list }) =>
  list.map((panel) => [`${uid}: ${panel.title}`, panel] as const),
)

/** Those of metrics. */
export const charts = panels.filter((entry) => entry[1].kind !== 'logs') as unknown as readonly [string, Chart][]

/** @throws when there is none of this dashboard and title */
export function panelOf(title: string): Chart {
  const panel = charts.find(([name]) => name === title)?.[1]
  if (panel === undefined) throw new Error(`there is no panel ${title}`)
  return panel
}

/** A panel's queries, as Grafana fills them in; the interval of rates is `late` seconds. */
export function queriesOf(panel: Chart, service: string, late: number): string[] {
  const list = typeof panel.query === 'string' ? [panel.query] : Object.values(panel.query)
  return list.map((query) =>
    query
      .replaceAll('$service', service)
      .replaceAll('$__range_s', '3600')
      .replaceAll('$__range', '1h')
      .replaceAll('$__rate_interval', `${late}s`),
  )
}

/** The values of a query after all traffic, one for each series. */
export function ask({ stack, after }: PanelTraffic, query: string): Promise<number[]> {
  return prometheusValues(stack.urls.prometheus, query, after.at)
}

/** What the queries of a panel come to, one figure each: the sum of its series. */
export function figuresOf(traffic: PanelTraffic, title: string, service: string): Promise<number[]> {
  const queries = queriesOf(panelOf(title), service, traffic.late)
  return Promise.all(queries.map(async (query) => (await ask(traffic, query)).reduce((sum, value) => sum + value, 0)))
}

/** The series of a panel with one query, by a label of theirs. */
export async function linesOf(
  { stack, after, late }: PanelTraffic,
  title: string,
  label: string,
  service: string,
): Promise<Record<string, number>> {
  const [query = ''] = queriesOf(panelOf(title), service, late)
  const samples = await prometheusSamples(stack.urls.prometheus, query, after.at)
  return Object.fromEntries(samples.map(({ labels, value }) => [labels[label] ?? '', value]))
}
