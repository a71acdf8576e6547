/** Six figures of the window, each with its course and what it was in the window before. */
import type { ComponentChildren } from 'preact'
import type { Overview } from '../../../src/api/contract.ts'
import { href } from '../../app/router.ts'
import { count, exact, exactMoney, money, percent, plural, significant, UNKNOWN } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Sparkline } from '../../parts/sparkline.tsx'

interface TileProps {
  readonly name: string
  readonly value: string
  readonly title: string
  readonly sub: ComponentChildren
  readonly values: readonly (number | null)[]
  /** A line instead of bars. */
  readonly line?: boolean
  readonly bad?: boolean
  readonly to: string
}

function Tile({ name, value, title, sub, values, line = false, bad = false, to }: TileProps) {
  return (
    <a class={`tile ${bad ? 'bad' : ''}`} href={to} title={title}>
      <span class="tile-name">{name}</span>
      <span class="tile-value num">{value}</span>
      <span class="tile-sub faint num">{sub}</span>
      <Sparkline values={values} bars={!line} />
    </a>
  )
}

/** The figure of the window before, for the tooltip. */
const before = (value: string): string => `\nin the window before: ${value}`

function runTiles({ totals, previous, series, range }: Overview): readonly TileProps[] {
  const minutes = Math.max(1, (range.to - range.from) / 60_000)
  const share = totals.traces > 0 ? totals.failedTraces / totals.traces : null
  return [
    {
      name: 'Runs',
      value: count(totals.traces),
      title: `${plural(totals.traces, 'run')}${before(exact(previous.traces))}`,
      sub: totals.traces > 0 ? `${significant(totals.traces / minutes, 2)} a minute` : '',
      values: series.traces,
      to: href('/runs'),
    },
    {
      name: 'Failed',
      value: count(totals.failedTraces),
      title: `${exact(totals.failedTraces)} of ${plural(totals.traces, 'run')}${before(exact(previous.failedTraces))}`,
      sub: percent(share),
      values: series.failedTraces,
      bad: totals.failedTraces > 0,
      to: href('/runs', { status: 'error' }),
    },
    {
      name: 'Duration p95',
      value: duration(totals.traceP95),
      title: `p50 ${duration(totals.traceP50)}, p95 ${duration(totals.traceP95)}${before(duration(previous.traceP95))}`,
      sub: `p50 ${duration(totals.traceP50)}`,
      values: series.traceP95,
      line: true,
      to: href('/runs', { sort: 'duration' }),
    },
  ]
}

function usageTiles({ totals, previous, series }: Overview): readonly TileProps[] {
  const tokens = totals.inputTokens + totals.outputTokens
  const unpriced = totals.unpriced > 0
  const perHour = totals.costPerHour === null ? '' : `${money(totals.costPerHour)}/h`
  return [
    {
      name: 'Tokens',
      value: tokens > 0 ? count(tokens) : UNKNOWN,
      title: `${exact(totals.inputTokens)} in, ${exact(totals.outputTokens)} out${before(exact(previous.inputTokens + previous.outputTokens))}`,
      sub: tokens > 0 ? `${count(totals.outputTokens)} out` : '',
      values: series.inputTokens.map((input, i) => input + (series.outputTokens[i] ?? 0)),
      to: href('/runs', { sort: 'tokens' }),
    },
    {
      name: 'Cost',
      value: totals.cost === null && unpriced ? 'unpriced' : money(totals.cost),
      title: `${exactMoney(totals.cost)}; ${plural(totals.unpriced, 'call')} without a price${before(money(previous.cost))}`,
      sub: unpriced ? <span class="warn-text">{count(totals.unpriced)} unpriced</span> : perHour,
      values: series.cost,
      to: href('/cost'),
    },
    {
      name: 'Tool calls',
      value: count(totals.toolCalls),
      title: `${exact(totals.toolErrors)} of ${plural(totals.toolCalls, 'tool call')} failed${before(`${exact(previous.toolErrors)} of ${exact(previous.toolCalls)}`)}`,
      sub: totals.toolErrors > 0 ? <span class="error-text">{count(totals.toolErrors)} failed</span> : '',
      values: series.spanErrors,
      bad: totals.toolErrors > 0,
      to: href('/agents'),
    },
  ]
}

/** Each leads to what it counts. */
export function Tiles({ overview }: { overview: Overview }) {
  return (
    <div class="tiles">
      {[...runTiles(overview), ...usageTiles(overview)].map((tile) => (
        <Tile key={tile.name} {...tile} />
      ))}
    </div>
  )
}
