import type { LogRecord, OperationStats, Overview } from '@agentel/console'
import { count, duration, money, percent, plural } from '@agentel/console/format'
import type { Report } from './read-report.ts'

/** A piece of a document. In a table the first column is text, the others are figures. */
export type Part =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

const MOST = 15

const heading = (text: string): Part => ({ kind: 'heading', level: 2, text })
const time = (millis: number): string => new Date(millis).toISOString().slice(0, 16).replace('T', ' ')

/** How a figure stands to the window before. */
function change(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return ''
  const share = now / before - 1
  return Math.abs(share) < 0.005 ? 'as before' : `${share > 0 ? '+' : '-'}${percent(Math.abs(share))}`
}

function summary({ totals, previous, range }: Overview): Part[] {
  const tokens = (of: Overview['totals']): number => of.inputTokens + of.outputTokens
  const rows: [string, number | null, number | null, (value: number | null) => string][] = [
    ['Runs', totals.traces, previous.traces, count],
    ['Failed runs', totals.failedTraces, previous.failedTraces, count],
    ['Duration of a run, p50', totals.traceP50, previous.traceP50, duration],
    ['Duration of a run, p95', totals.traceP95, previous.traceP95, duration],
    ['Model calls', totals.modelCalls, previous.modelCalls, count],
    ['Tool calls', totals.toolCalls, previous.toolCalls, count],
    ['Failed tool calls', totals.toolErrors, previous.toolErrors, count],
    ['Tokens', tokens(totals), tokens(previous), count],
    ['Cost', totals.cost, previous.cost, money],
  ]
  const share =
    totals.traces === 0 ? 'Nothing ran' : `${percent(totals.failedTraces / totals.traces)} of the runs failed`
  return [
    { kind: 'heading', level: 1, text: 'What the agents did' },
    { kind: 'text', text: `${time(range.from)} to ${time(range.to)} UTC. ${share}.` },
    {
      kind: 'table',
      columns: ['', 'this time', 'the time before', 'change'],
      rows: rows.map(([name, now, before, format]) => [name, format(now), format(before), change(now, before)]),
    },
  ]
}

const failedOf = ({ errors, count: all }: OperationStats): string =>
  errors === 0 ? '0' : `${count(errors)} (${percent(errors / all)})`

function stats(
  title: string,
  rows: readonly ({ readonly name: string } & OperationStats)[],
  withMoney: boolean,
): Part[] {
  if (rows.length === 0) return []
  const figures = ['calls', 'failed', 'p50', 'p95', ...(withMoney ? ['tokens', 'cost'] : [])]
  return [
    heading(title),
    {
      kind: 'table',
      columns: ['', ...figures],
      rows: rows
        .slice(0, MOST)
        .map((row) => [
          row.name,
          count(row.count),
          failedOf(row),
          duration(row.p50),
          duration(row.p95),
          ...(withMoney ? [count(row.inputTokens + row.outputTokens), money(row.cost)] : []),
        ]),
    },
  ]
}

function failures({ failed, errorTypes }: Overview): Part[] {
  if (failed.length === 0) return []
  const reason = (run: Overview['failed'][number]): string =>
    run.error === null ? '' : `${run.error.name}: ${run.error.message ?? run.error.type ?? ''}`
  return [
    heading('What failed'),
    {
      kind: 'text',
      text: `Errors of spans: ${errorTypes
        .slice(0, MOST)
        .map(({ type, count: n }) => `${type} ${n}`)
        .join(', ')}.`,
    },
    {
      kind: 'table',
      columns: ['run', 'when', 'took', 'reason', 'id'],
      rows: failed
        .slice(0, MOST)
        .map((run) => [run.title, time(run.startTime), duration(run.duration), reason(run), run.traceId]),
    },
  ]
}

function handovers({ graph }: Report): Part[] {
  const edges = graph.edges.filter(({ kind }) => kind === 'handoff' || kind === 'calls')
  if (edges.length === 0) return []
  const name = (id: string): string => id.replace(/^(agent|tool):/, '')
  return [
    heading('Who handed over to whom'),
    {
      kind: 'table',
      columns: ['from, to', 'times', 'failed', 'p95'],
      rows: edges
        .slice(0, MOST)
        .map((edge) => [
          `${name(edge.from)} → ${name(edge.to)}`,
          count(edge.count),
          count(edge.errors),
          duration(edge.p95),
        ]),
    },
  ]
}

const said = ({ body, event }: LogRecord): string => (typeof body === 'string' && body !== '' ? body : (event ?? ''))

function signals({ signals: records }: Report): Part[] {
  if (records.length === 0) return []
  return [
    heading('Anomalies, alerts, budgets'),
    {
      kind: 'table',
      columns: ['what', 'who', 'when'],
      rows: records.map((log) => [said(log), log.agent ?? log.service ?? '', time(log.time)]),
    },
  ]
}

function unpriced({ costs }: Report): Part[] {
  if (costs.unpriced === 0) return []
  const models = costs.unpricedModels.map(({ model, calls }) => `${model} (${calls})`).join(', ')
  return [
    {
      kind: 'text',
      text: `${plural(costs.unpriced, 'call')} without a price ${costs.unpriced === 1 ? 'is' : 'are'} not in the cost: ${models}.`,
    },
  ]
}

/** The report's parts in order; what has nothing to say is left out. */
export function documentOf(report: Report): readonly Part[] {
  const { overview } = report
  return [
    ...summary(overview),
    ...unpriced(report),
    ...failures(overview),
    ...signals(report),
    ...stats('Agents', overview.agents, true),
    ...handovers(report),
    ...stats('Models', overview.models, true),
    ...stats('Tools', overview.tools, false),
  ]
}
