/** `/metrics`: how does this move? */
import { useMemo, useState } from 'preact/hooks'
import type { MetricImportance, MetricList, MetricSeriesList } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { query, setQuery } from '../../app/router.ts'
import { bytes, count, exact, money, percent, plural, significant } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { trendOf } from '../../format/trend.ts'
import { FirstSpan } from '../../parts/first-span.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SavedFilters } from '../../parts/saved-filters.tsx'
import { VirtualRows } from '../../parts/virtual-rows.tsx'
import { LineChart, type ChartLine } from './line-chart.tsx'

/** Levels that are worth a word. */
const LOUD: ReadonlySet<MetricImportance> = new Set(['warning', 'error', 'critical'])

/** A value in its unit. */
export function inUnit(unit: string | null): (value: number) => string {
  if (unit === 's') return (value) => duration(value * 1000)
  if (unit === 'ms') return duration
  if (unit === 'By') return bytes
  if (unit === '{USD}' || unit === 'USD') return money
  if (unit === '1' || !unit) return (value) => (Math.abs(value) >= 1000 ? count(value) : significant(value))
  return (value) => count(value)
}

const isDistribution = ({ kind }: MetricSeriesList): boolean => kind === 'histogram' || kind === 'exponential_histogram'

const STATISTICS = ['value', 'count', 'p50', 'p95', 'p99'] as const
type Statistic = (typeof STATISTICS)[number]

const LINES = 12
/** What a saved filter keeps: the pattern, and what is drawn. */
const FILTERS = ['pattern', 'importance', 'name', 'by'] as const
const LEVELS: readonly (readonly [value: MetricImportance | '', name: string])[] = [
  ['', 'of any importance'],
  ['info', 'info and up'],
  ['warning', 'warning and up'],
  ['error', 'error and up'],
  ['critical', 'critical only'],
]

/** What tells the series apart: the attributes in which they differ. */
function namesOf({ series }: MetricSeriesList): readonly string[] {
  const keys = [...new Set(series.flatMap((one) => Object.keys(one.attributes)))]
  const telling = keys.filter((key) => new Set(series.map((one) => String(one.attributes[key] ?? ''))).size > 1)
  const services = new Set(series.map((one) => one.service)).size > 1
  return series.map((one) => {
    const parts = telling.flatMap((key) => (one.attributes[key] === undefined ? [] : [String(one.attributes[key])]))
    return [...(services ? [one.service ?? ''] : []), ...parts].join(' · ') || 'all'
  })
}

function linesOf(answer: MetricSeriesList, statistic: Statistic): readonly ChartLine[] {
  const names = namesOf(answer)
  return answer.series.slice(0, LINES).map((series, i) => ({
    name: names[i]!,
    hue: i % 12,
    time: series.time,
    value: series[statistic] ?? series.value,
  }))
}

const SIGNS = { rising: '↗', falling: '↘', steady: '→' }

/** Which way a line goes, and how fast. */
function TrendSign({ line }: { line: ChartLine }) {
  const trend = trendOf(line.time, line.value)
  if (!trend) return null
  const by = trend.direction === 'steady' ? '' : ` ${percent(Math.abs(trend.perHour))} an hour`
  return (
    <span class="num faint" title={`${trend.direction}${by}`}>
      {SIGNS[trend.direction]}
      {by}
    </span>
  )
}

/** Each line's colour, where it is going, and its newest value. */
function Legend({ lines, format }: { lines: readonly ChartLine[]; format: (value: number) => string }) {
  return (
    <ul class="legend-list">
      {lines.map((line) => {
        const last = line.value.findLast((value) => value !== null)
        return (
          <li class={`hue-${line.hue}`}>
            <span class="dot" />
            <span class="clip">{line.name}</span>
            <TrendSign line={line} />
            <span class="num soft">{last === undefined || last === null ? '-' : format(last)}</span>
          </li>
        )
      })}
    </ul>
  )
}

function Summary({ answer }: { answer: MetricSeriesList }) {
  const format = inUnit(answer.unit)
  const { count: all, sum, ...figures } = answer.summary
  const names = Object.entries(figures) as [string, number | null][]
  return (
    <dl class="summary" aria-label={`Summary of ${rangeName.value}`}>
      <div>
        <dt>{isDistribution(answer) ? 'values' : 'points'}</dt>
        <dd class="num" title={exact(all)}>
          {count(all)}
        </dd>
      </div>
      {sum !== null && (
        <div>
          <dt>sum</dt>
          <dd class="num" title={exact(sum)}>
            {format(sum)}
          </dd>
        </div>
      )}
      {names.map(([name, value]) => (
        <div>
          <dt>{name === 'standardDeviation' ? 'std. dev.' : name}</dt>
          <dd class="num">{value === null ? '-' : format(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Chosen({ name }: { name: string }) {
  const by = query.value.get('by')
  const { data: answer, error } = useResource<MetricSeriesList>(
    api('metrics/series', { ...window.value, name, by }),
    version.value,
  )
  const distribution = answer !== null && isDistribution(answer)
  const [asked, setAsked] = useState<Statistic>('p95')
  const statistic = distribution ? asked : 'value'
  const lines = useMemo(() => (answer ? linesOf(answer, statistic) : []), [answer, statistic])
  const keys = [...new Set(answer?.series.flatMap((series) => Object.keys(series.attributes)) ?? [])]
  if (error && !answer) return <p class="notice bad">{error}</p>
  if (!answer) return <p class="note">Reading…</p>
  const format = statistic === 'count' ? (value: number) => count(value) : inUnit(answer.unit)
  return (
    <Panel title={<code>{name}</code>} more={`${answer.kind}, ${answer.unit ?? 'no unit'}`}>
      <div class="metric-controls">
        {distribution && (
          <span class="segments" role="group" aria-label="Statistic">
            {STATISTICS.map((one) => (
              <button type="button" aria-pressed={one === statistic} onClick={() => setAsked(one)}>
                {one === 'value' ? 'sum' : one}
              </button>
            ))}
          </span>
        )}
        <select
          class="field"
          aria-label="Series by attribute"
          value={by ?? ''}
          onChange={(event) => setQuery({ by: event.currentTarget.value }, { replace: true })}
        >
          <option value="">every attribute set</option>
          {[...new Set([...keys, ...(by ? [by] : [])])].map((key) => (
            <option value={key}>by {key}</option>
          ))}
        </select>
        <span class="faint">
          {answer.series.length > LINES && `${LINES} of ${plural(answer.series.length, 'series', 'series')} drawn`}
          {answer.truncated && ', more are in the store'}
        </span>
      </div>
      <LineChart lines={lines} format={format} label={`${name} over ${rangeName.value}`} />
      <Legend lines={lines} format={format} />
      <Summary answer={answer} />
    </Panel>
  )
}

function Filters() {
  return (
    <div class="metric-filters">
      <input
        class="field"
        type="search"
        aria-label="Name pattern"
        placeholder="Name or pattern, e.g. gen_ai.*"
        value={query.value.get('pattern') ?? ''}
        onInput={(event) => setQuery({ pattern: event.currentTarget.value }, { replace: true })}
      />
      <select
        class="field"
        aria-label="Importance"
        value={query.value.get('importance') ?? ''}
        onChange={(event) => setQuery({ importance: event.currentTarget.value }, { replace: true })}
      >
        {LEVELS.map(([value, name]) => (
          <option value={value}>{name}</option>
        ))}
      </select>
    </div>
  )
}

/** List by pattern at the left, the chosen one at the right. */
export function MetricsPage() {
  const pattern = query.value.get('pattern') ?? ''
  const importance = query.value.get('importance')
  const { data, error } = useResource<MetricList>(
    api('metrics', { pattern: pattern && !pattern.includes('*') ? `*${pattern}*` : pattern, importance }),
    version.value,
  )
  const chosen = query.value.get('name') ?? data?.metrics[0]?.name ?? null
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  if (data.metrics.length === 0 && !pattern && !importance) return <FirstSpan what="metrics" />
  return (
    <div class="page metrics-page">
      <div class="page-head">
        <h1>Metrics</h1>
        <span class="sub">{plural(data.metrics.length, 'metric')}</span>
        <SavedFilters path="/metrics" names={FILTERS} />
      </div>
      <div class="metrics-body">
        <div class="metrics-list panel">
          <Filters />
          <VirtualRows
            label="Metrics"
            count={data.metrics.length}
            rowHeight={44}
            row={(i) => {
              const metric = data.metrics[i]!
              return (
                <div role="listitem" key={metric.name}>
                  <button
                    type="button"
                    class={`metric ${metric.name === chosen ? 'selected' : ''}`}
                    aria-pressed={metric.name === chosen}
                    title={metric.description ?? metric.name}
                    onClick={() => setQuery({ name: metric.name, by: null }, { replace: true })}
                  >
                    <span class="mono clip">{metric.name}</span>
                    <span class="faint">
                      {metric.kind.replace('_', ' ')}, {plural(metric.series, 'series', 'series')}
                      {LOUD.has(metric.importance) && (
                        <span class={`severity-of-${metric.importance}`}>
                          , <span class="weight">{metric.importance}</span>
                        </span>
                      )}
                    </span>
                  </button>
                </div>
              )
            }}
          />
        </div>
        <div class="metrics-chosen">{chosen && <Chosen name={chosen} key={chosen} />}</div>
      </div>
    </div>
  )
}
