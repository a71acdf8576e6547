/** Panels as data, and the dashboards that Grafana reads made of them. */
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as common from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs'
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { prometheusLabel } from '../../../packages/alerts/src/index.ts'

/** A target, and the value from which it is missed badly. */
export type Target = readonly [good: number, bad: number]

interface Common {
  readonly title: string
  readonly what: string
  /** As Grafana calls it: `s`, `currencyUSD`, `percentunit`, `bytes`, `short`. */
  readonly unit: string
  readonly target?: Target
  /** Of a share that should be high: the target is a lower bound. */
  readonly highIsGood?: boolean
}

/** A panel. `query` is PromQL; of several, the key is the legend. */
export type Panel =
  | (Common & { readonly kind: 'stat'; readonly query: string })
  | (Common & {
      readonly kind: 'lines'
      readonly query: string | Readonly<Record<string, string>>
      /** Labels that name a line. */
      readonly by?: readonly string[]
      readonly over?: '24h'
      readonly exemplars?: boolean
    })
  | (Common & { readonly kind: 'table'; readonly query: string })
  | { readonly kind: 'logs'; readonly title: string; readonly what: string; readonly query: string }

/** A dashboard. */
export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly what: string
  readonly panels: readonly Panel[]
}

const PROMETHEUS = { type: 'prometheus', uid: '${prometheus}' }
const LOKI = { type: 'loki', uid: '${loki}' }
const WIDTH: Readonly<Record<Panel['kind'], number>> = { stat: 4, lines: 12, table: 12, logs: 24 }
const HEIGHT: Readonly<Record<Panel['kind'], number>> = { stat: 4, lines: 8, table: 8, logs: 8 }

function thresholds({ target, highIsGood = false }: Common): ThresholdsConfigBuilder {
  const steps: { value: number | null; color: string }[] = [{ value: null, color: highIsGood ? 'red' : 'green' }]
  if (target !== undefined && !highIsGood)
    steps.push({ value: target[0], color: 'orange' }, { value: target[1], color: 'red' })
  if (target !== undefined && highIsGood)
    steps.push({ value: target[1], color: 'orange' }, { value: target[0], color: 'green' })
  return new ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps as dashboard.Threshold[])
}

const instant = (query: string): DataqueryBuilder => new DataqueryBuilder().datasource(PROMETHEUS).expr(query).instant()

function lines(panel: Extract<Panel, { kind: 'lines' }>): TimeseriesPanel {
  const { by = [], exemplars = false, query, target, over } = panel
  const builder = new TimeseriesPanel().fillOpacity(5).showPoints(common.VisibilityMode.Auto)
  const legend = by.map((label) => `{{${prometheusLabel(label)}}}`).join(' ')
  const queries = typeof query === 'string' ? { [legend || panel.title]: query } : query
  for (const [i, [name, expr]] of Object.entries(queries).entries())
    builder.withTarget(
      new DataqueryBuilder()
        .datasource(PROMETHEUS)
        .refId(String.fromCodePoint(65 + i))
        .expr(expr)
        .legendFormat(name)
        .exemplar(exemplars)
        .range(),
    )
  if (over !== undefined) builder.timeFrom(over)
  if (target !== undefined)
    builder.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed))
  return builder
}

function drawn(panel: Panel): TimeseriesPanel | StatPanel | TablePanel | LogsPanel {
  switch (panel.kind) {
    case 'logs':
      return new LogsPanel().datasource(LOKI).withTarget(new LokiQuery().datasource(LOKI).refId('A').expr(panel.query))
    case 'lines':
      return lines(panel)
    case 'stat':
      return new StatPanel().withTarget(instant(panel.query).refId('A'))
    default:
      return new TablePanel()
        .withTarget(
          instant(panel.query)
            .refId('A')
            .format('table' as never),
        )
        .withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
  }
}

function variables(builder: DashboardBuilder): void {
  builder
    .withVariable(new DatasourceVariableBuilder('prometheus').label('Metrics').type('prometheus'))
    .withVariable(new DatasourceVariableBuilder('loki').label('Logs').type('loki'))
    .withVariable(
      new QueryVariableBuilder('service')
        .label('Service')
        .datasource(PROMETHEUS)
        .query('label_values(service_name)')
        .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true)
        // In-process endpoints have no label of the service.
        .allValue('.*')
        .current({ selected: true, text: 'All', value: '$__all' }),
    )
}

/** The builders give every variable what only those of intervals have. */
function withoutIntervals(built: dashboard.Dashboard): dashboard.Dashboard {
  const list = built.templating?.list?.map(
    ({ auto: _auto, auto_min: _min, auto_count: _count, ...variable }) => variable,
  )
  return { ...built, templating: { list: list ?? [] } }
}

/** What Grafana reads. Panels flow from left to right. */
export function buildDashboard({ uid, title, what, panels }: Dashboard): dashboard.Dashboard {
  const builder = new DashboardBuilder(`agentel / ${title}`)
    .uid(`agentel-${uid}`)
    .description(what)
    .tags(['agentel'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder('agentel')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['agentel'])
        .keepTime(true)
        .includeVars(true)
        .asDropdown(true),
    )
  variables(builder)
  let [x, y, row] = [0, 0, 0]
  for (const [i, panel] of panels.entries()) {
    const [w, h] = [WIDTH[panel.kind], HEIGHT[panel.kind]]
    if (x + w > 24) [x, y, row] = [0, y + row, 0]
    const built = drawn(panel)
      .id(i + 1)
      .title(panel.title)
      .description(panel.what)
      .gridPos({ x, y, w, h })
    if (panel.kind !== 'logs') built.datasource(PROMETHEUS).unit(panel.unit).thresholds(thresholds(panel))
    builder.withPanel(built)
    x += w
    row = Math.max(row, h)
  }
  return withoutIntervals(builder.build())
}
