/** `/cost`: where does the money go? */
import type { CostBreakdown, CostDimension } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href, query, setQuery } from '../../app/router.ts'
import { UNKNOWN, count, exact, exactMoney, isTelling, money, percent, plural } from '../../format/quantity.ts'
import { Cost, Tokens } from '../../parts/figures.tsx'
import { FirstSpan } from '../../parts/first-span.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AgentName } from '../../parts/span-type.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { TimeBars } from '../../parts/time-bars.tsx'
import { Budgets } from './budgets.tsx'
import { RunRows } from '../runs/run-rows.tsx'

const DIMENSIONS: readonly CostDimension[] = [
  'model',
  'agent',
  'task',
  'workflow',
  'user',
  'session',
  'tool',
  'service',
]

function Value({ by, value }: { by: CostDimension; value: string | null }) {
  if (value === null) return <span class="soft">no {by}</span>
  // Runs have no filter by task or workflow.
  if (by === 'task' || by === 'workflow') return <span class="clip">{value}</span>
  return (
    <a href={href('/runs', { [by]: value })}>
      <AgentName name={value} />
    </a>
  )
}

function Row({ by, row }: { by: CostDimension; row: CostBreakdown['rows'][number] }) {
  const priced = row.calls - row.unpriced
  return (
    <tr>
      <th scope="row">
        <Value by={by} value={row.value} />
      </th>
      <td class="right">
        <Cost amount={row.cost} unpriced={row.unpriced} />
      </td>
      <td class="right num">
        <meter class="share" min={0} max={1} value={row.share} aria-hidden="true" />
        {row.cost === null ? UNKNOWN : percent(row.share)}
      </td>
      <td class="right num" title={exact(row.calls)}>
        {count(row.calls)}
      </td>
      <td class="right">
        <Tokens input={row.inputTokens} output={row.outputTokens} />
      </td>
      <td class="right num">{row.cost === null || priced <= 0 ? UNKNOWN : money(row.cost / priced)}</td>
    </tr>
  )
}

function Rows({ answer }: { answer: CostBreakdown }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`Cost by ${answer.by}`}>
      <table class="stats">
        <thead>
          <tr>
            <th>{answer.by[0]!.toUpperCase() + answer.by.slice(1)}</th>
            {['Cost', 'Share', 'Calls', 'Tokens', 'A call'].map((name) => (
              <th class="right">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row) => (
            <Row key={row.value} by={answer.by} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Unpriced({ answer }: { answer: CostBreakdown }) {
  if (answer.unpricedModels.length === 0) return null
  return (
    <section class="notice warn" aria-label="Without a price">
      <b>{plural(answer.unpriced, 'call')} without a known price</b>, so the total is too low:{' '}
      {answer.unpricedModels.map(({ provider, model, calls }, i) => [
        i > 0 && ', ',
        <a href={href('/runs', { model })}>{model}</a>,
        ` (${provider ?? 'provider not known'}, ${plural(calls, 'call')})`,
      ])}
      . A price of your own: <code>prices.overrides</code> in the configuration.
    </section>
  )
}

/** The day at the rate of the window. */
function perDay({ total, range }: CostBreakdown): string {
  const hours = (range.to - range.from) / 3_600_000
  return total === null || hours <= 0 ? '' : `${money((total / hours) * 24)} a day at this rate`
}

const SPANS = [
  ['hour', 'Next hour'],
  ['day', 'Next day'],
  ['month', 'Next 30 days'],
] as const

/** What is to be expected if the trend goes on, with the interval of 95 in 100. */
function Projection({ projection }: Pick<CostBreakdown, 'projection'>) {
  if (projection === null) return null
  const spans = SPANS.filter(([span]) => isTelling(projection[span]))
  if (spans.length === 0) return <p class="soft">It is too early to say what it will come to.</p>
  return (
    <div class="tiles" role="group" aria-label="Projection">
      {spans.map(([span, name]) => {
        const { expected, low, high } = projection[span]
        return (
          <div class="tile" key={span} title="95 of 100 such amounts, if the trend goes on">
            <span class="tile-name">{name}</span>
            <span class="tile-value num">{money(expected)}</span>
            <span class="tile-sub faint num">
              {money(low)} to {money(high)}
            </span>
          </div>
        )
      })}
    </div>
  )
}

function Head({ answer }: { answer: CostBreakdown }) {
  return (
    <div class="page-head">
      <h1>Cost</h1>
      <SectionTabs />
      <span class="total num" title={exactMoney(answer.total)}>
        {answer.total === null && answer.unpriced > 0 ? 'unpriced' : money(answer.total)}
      </span>
      <span class="sub num">
        in {rangeName.value}, {plural(answer.calls, 'model call')}, {count(answer.inputTokens)} tokens in,{' '}
        {count(answer.outputTokens)} out. {perDay(answer)}
      </span>
      <span class="side">
        <span class="segments" role="group" aria-label="By">
          {DIMENSIONS.map((dimension) => (
            <button
              type="button"
              aria-pressed={dimension === answer.by}
              onClick={() => setQuery({ by: dimension === 'model' ? null : dimension }, { replace: true })}
            >
              {dimension}
            </button>
          ))}
        </span>
      </span>
    </div>
  )
}

/** Layers of the chart: the values that cost most, or the total alone. */
function layersOf({ series }: CostBreakdown) {
  if (series.stacks.length === 0) return [{ name: 'cost', values: series.cost, tone: 'tone-accent' }]
  return series.stacks.map(({ value, cost }) => ({ name: value ?? 'none', values: cost }))
}

/** Total, over time, by value, and the dearest runs. */
export function CostPage() {
  const by = DIMENSIONS.find((dimension) => dimension === query.value.get('by')) ?? 'model'
  const { data: answer, error } = useResource<CostBreakdown>(api('costs', { ...window.value, by }), version.value)
  if (error && !answer) return <p class="notice bad page">{error}</p>
  if (!answer) return <p class="note">Reading…</p>
  if (answer.calls === 0) return <FirstSpan what="model calls" />
  return (
    <div class="page cost-page">
      <Head answer={answer} />
      <Unpriced answer={answer} />
      <Projection projection={answer.projection} />
      <Budgets />
      <section class="panel padded">
        <TimeBars
          start={answer.series.start}
          step={answer.series.step}
          layers={layersOf(answer)}
          format={money}
          label={`Cost over time by ${answer.by}`}
        />
      </section>
      <div class="cost-tables">
        <Panel title={`By ${answer.by}`}>
          <Rows answer={answer} />
        </Panel>
        <RunRows title="Dearest runs" runs={answer.dearest} all={href('/runs', { sort: 'cost' })} empty="None." />
      </div>
    </div>
  )
}
