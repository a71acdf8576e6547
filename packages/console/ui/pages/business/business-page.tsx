/** `/business`: is it worth it? Completion, service levels, satisfaction, what a run and a session cost, own figures. */
import {
  ATTR_AGENTEL_SLA_MET,
  ATTR_AGENTEL_SLA_NAME,
  EVENT_GEN_AI_EVALUATION_RESULT,
  METRIC_AGENTEL_SLA_RESULTS,
} from '@agentel/semconv'
import type { ActorList, LogList, MetricList, MetricSeriesList, Overview } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { useMetricSeries } from '../../app/metric-series.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count, money, percent, plural, significant, UNKNOWN } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { FirstSpan } from '../../parts/first-span.tsx'
import { MetricCard } from '../../parts/metric-card.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { TargetList } from '../../parts/target-list.tsx'
import { inUnit } from '../metrics/metrics-page.tsx'
import { feedbackOf } from '../signals/feedback.ts'

const PREFIX = 'agentel.business.'
const MOST_METRICS = 24
const MOST_ACTORS = 500
const MOST_LOGS = 500

interface Figure {
  readonly name: string
  readonly value: string
  readonly sub: string
  readonly values: readonly (number | null)[]
  readonly to: string
}

function runFigures({ totals, series }: Overview): readonly Figure[] {
  const ended = totals.traces - totals.openTraces
  return [
    {
      name: 'Runs completed',
      value: percent(ended > 0 ? (ended - totals.failedTraces) / ended : null),
      sub: `${count(ended - totals.failedTraces)} of ${count(ended)}`,
      values: series.traces.map((n, i) => (n > 0 ? n - (series.failedTraces[i] ?? 0) : null)),
      to: href('/runs', { status: 'ok' }),
    },
    {
      name: 'A run takes',
      value: duration(totals.traceP50),
      sub: `p95 ${duration(totals.traceP95)}`,
      values: series.traceP50,
      to: href('/runs', { sort: 'duration' }),
    },
    {
      name: 'A run costs',
      value: totals.cost === null || totals.traces === 0 ? UNKNOWN : money(totals.cost / totals.traces),
      sub: totals.cost === null ? '' : `${money(totals.cost)} in all`,
      values: series.cost.map((cost, i) => (series.traces[i] ? cost / series.traces[i] : null)),
      to: href('/cost'),
    },
  ]
}

function sessionFigures({ rows, range, nextCursor }: ActorList): readonly Figure[] {
  const least = nextCursor === null ? '' : 'at least '
  const first = Math.min(...rows.map((row) => row.firstSeen))
  const hours = Math.max(1 / 60, (range.to - Math.max(range.from, first)) / 3_600_000)
  const runs = rows.reduce((sum, row) => sum + row.traces, 0)
  const cost = rows.reduce((sum, row) => sum + (row.cost ?? 0), 0)
  const known = rows.length > 0
  return [
    {
      name: 'Sessions an hour',
      value: known ? significant(rows.length / hours) : UNKNOWN,
      sub: known ? `${least}${plural(rows.length, 'session')}` : 'no session.id',
      values: [],
      to: href('/sessions'),
    },
    {
      name: 'Runs a session',
      value: known ? significant(runs / rows.length) : UNKNOWN,
      sub: known ? `${money(cost / rows.length)} a session` : '',
      values: [],
      to: href('/sessions'),
    },
  ]
}

function satisfaction(logs: LogList | null): Figure {
  const feedback = feedbackOf(logs?.logs ?? [])
  return {
    name: 'Satisfaction',
    value: feedback ? `${significant(feedback.mean)} of 5` : UNKNOWN,
    sub: feedback ? plural(feedback.ratings.length, 'rating') : 'nobody has rated',
    values: feedback?.ratings.toSorted((a, b) => a.log.time - b.log.time).map(({ score }) => score) ?? [],
    to: href('/feedback'),
  }
}

function Tiles({ figures }: { figures: readonly Figure[] }) {
  return (
    <div class="tiles">
      {figures.map(({ name, value, sub, values, to }) => (
        <a class="tile" key={name} href={to}>
          <span class="tile-name">{name}</span>
          <span class="tile-value num">{value}</span>
          <span class="tile-sub faint num">{sub}</span>
          <Sparkline values={values} />
        </a>
      ))}
    </div>
  )
}

/** Checks of each service level: how many of them it met. */
export function levelsOf(series: MetricSeriesList['series']) {
  const levels = new Map<string, { met: number; all: number }>()
  for (const { attributes, value } of series) {
    const name = String(attributes[ATTR_AGENTEL_SLA_NAME] ?? '')
    const level = levels.get(name) ?? { met: 0, all: 0 }
    const times = value.reduce<number>((sum, n) => sum + (n ?? 0), 0)
    level.all += times
    if (String(attributes[ATTR_AGENTEL_SLA_MET]) === 'true') level.met += times
    levels.set(name, level)
  }
  return [...levels].map(([name, level]) => ({ name, ...level })).filter(({ all }) => all > 0)
}

function Levels() {
  const levels = levelsOf(useMetricSeries(METRIC_AGENTEL_SLA_RESULTS))
  if (levels.length === 0)
    return (
      <p class="note">
        No service level is checked. Count <code>{METRIC_AGENTEL_SLA_RESULTS}</code> with{' '}
        <code>{ATTR_AGENTEL_SLA_NAME}</code> and <code>{ATTR_AGENTEL_SLA_MET}</code>.
      </p>
    )
  return (
    <ul class="budgets">
      {levels.map(({ name, met, all }) => (
        <li class={`budget ${met / all < 0.9 ? 'bad' : met / all < 0.95 ? 'near' : ''}`}>
          <span class="clip">{name}</span>
          <meter min={0} max={1} value={met / all} aria-label={`${name}: ${percent(met / all)} met`} />
          <span class="num">
            {count(met)} of {count(all)}
          </span>
          <span class="num">{percent(met / all)}</span>
        </li>
      ))}
    </ul>
  )
}

function OwnMetric({ name, unit, kind, monotonic }: MetricList['metrics'][number]) {
  const { data } = useResource<MetricSeriesList>(api('metrics/series', { ...window.value, name }), version.value)
  const format = inUnit(unit)
  return (
    <>
      {(data?.series ?? []).map((series) => (
        <MetricCard
          name={name.slice(PREFIX.length)}
          sub={Object.values(series.attributes).map(String).join(' · ')}
          metric={name}
          series={series}
          format={format}
          counts={kind === 'sum' && monotonic}
        />
      ))}
    </>
  )
}

function OwnMetrics() {
  const { data } = useResource<MetricList>(api('metrics', { pattern: `${PREFIX}*` }), version.value)
  const metrics = data?.metrics ?? []
  if (metrics.length === 0)
    return (
      <p class="note">
        None yet. Any metric whose name begins with <code>{PREFIX}</code> is shown here, one card for each set of its
        attributes: revenue of a task, orders, whatever counts for you.
      </p>
    )
  return (
    <div class="cards">
      {metrics.slice(0, MOST_METRICS).map((metric) => (
        <OwnMetric key={metric.name} {...metric} />
      ))}
    </div>
  )
}

/** Derived figures, targets, service levels, and the application's own metrics. */
export function BusinessPage() {
  const { data: overview, error } = useResource<Overview>(api('overview', window.value), version.value)
  const sessions = useResource<ActorList>(api('sessions', { ...window.value, limit: MOST_ACTORS }), version.value)
  const ratings = useResource<LogList>(
    api('logs', { ...window.value, event: EVENT_GEN_AI_EVALUATION_RESULT, limit: MOST_LOGS }),
    version.value,
  )
  if (error && !overview) return <p class="notice bad page">{error}</p>
  if (!overview) return <p class="note">Reading…</p>
  if (overview.totals.spans === 0) return <FirstSpan what="runs" />
  const own = sessions.data ? sessionFigures(sessions.data) : []
  return (
    <div class="page business-page">
      <div class="page-head">
        <h1>Business</h1>
        <SectionTabs />
        <span class="sub">in {rangeName.value}</span>
      </div>
      <Tiles figures={[...runFigures(overview), ...own, satisfaction(ratings.data)]} />
      <div class="two-columns">
        <Panel title="Targets">
          <TargetList overview={overview} />
        </Panel>
        <Panel title="Service levels">
          <Levels />
        </Panel>
      </div>
      <Panel title="Your own figures">
        <OwnMetrics />
      </Panel>
    </div>
  )
}
