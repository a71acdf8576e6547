/** `/workers`: what runs beside the agents, and does it keep up? Workers, events on the bus, queues. */
import {
  ATTR_AGENTEL_QUEUE_NAME,
  ATTR_AGENTEL_WORKER_NAME,
  METRIC_AGENTEL_QUEUE_DEPTH,
  METRIC_AGENTEL_WORKER_HEALTH,
} from '@agentel/semconv'
import type { ComponentChildren } from 'preact'
import type { EventList, SpanType, WorkerList } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { useMetricSeries } from '../../app/metric-series.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count, exact, percent, plural, significant } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { ErrorShare, Took } from '../../parts/figures.tsx'
import { MetricCard, newest } from '../../parts/metric-card.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { TypeBadge } from '../../parts/span-type.tsx'

/** One column of figures: its head, and what a row has in it. */
interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => ComponentChildren
}

interface Named {
  readonly services: readonly string[]
  readonly lastSeen: number
  readonly traceId: string
}

interface TableProps<Row> {
  readonly head: string
  readonly rows: readonly Row[]
  readonly name: (row: Row) => string
  readonly type: SpanType
  readonly columns: readonly Column<Row>[]
}

function Table<Row extends Named>({ head, rows, name, type, columns }: TableProps<Row>) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`${head} figures`}>
      <table class="stats">
        <thead>
          <tr>
            <th>{head}</th>
            <th>Service</th>
            {[...columns.map((column) => column.head), 'Last'].map((title) => (
              <th class="right">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={name(row)}>
              <th scope="row">
                <a class="with-badge" href={href(`/runs/${row.traceId}`)} title="The newest run in which it occurred">
                  <TypeBadge type={type} /> <span class="clip">{name(row)}</span>
                </a>
              </th>
              <td class="soft">{row.services.join(', ') || '-'}</td>
              {columns.map(({ cell }) => (
                <td class="right num">{cell(row)}</td>
              ))}
              <td class="right soft">
                <Age time={row.lastSeen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type WorkerRow = WorkerList['rows'][number]
type EventRow = EventList['rows'][number]

const number = (n: number) => <span title={exact(n)}>{count(n)}</span>
const share = (of: number | null) => (of === null ? '-' : percent(of))

const WORKER_COLUMNS: readonly Column<WorkerRow>[] = [
  { head: 'Times', cell: (row) => number(row.executions) },
  { head: 'Failed', cell: (row) => <ErrorShare errors={row.errors} of={row.executions} /> },
  { head: 'Mean', cell: (row) => <Took ms={row.times.mean} /> },
  { head: 'p95', cell: (row) => <Took ms={row.times.p95} /> },
  { head: 'Slow', cell: (row) => number(row.slow) },
]

const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  { head: 'Published', cell: (row) => number(row.published) },
  { head: 'Received', cell: (row) => number(row.received) },
  { head: 'Completed', cell: (row) => number(row.completed) },
  { head: 'Failed', cell: (row) => <ErrorShare errors={row.errors} of={row.received} /> },
  { head: 'Share', cell: (row) => share(row.share) },
  { head: 'Success', cell: (row) => share(row.success) },
  { head: 'Handling p95', cell: (row) => <Took ms={row.handling.p95} /> },
  { head: 'Latency', cell: (row) => <Took ms={row.latency.mean} /> },
  { head: 'Latency p95', cell: (row) => <Took ms={row.latency.p95} /> },
  { head: 'A minute', cell: (row) => significant(row.throughput * 60) },
]

/** Says how to get some, in the words of the API. */
function Missing({ what, call }: { what: string; call: string }) {
  return (
    <p class="note">
      {what} in this time range. They come of <code>{call}</code> of <code>@agentel/api</code>, or of any span with the
      attributes that it sets.
    </p>
  )
}

function Queues() {
  const series = useMetricSeries(METRIC_AGENTEL_QUEUE_DEPTH, ATTR_AGENTEL_QUEUE_NAME)
  return (
    <Panel title="Queues" more={series.length > 0 && plural(series.length, 'queue')}>
      {series.length === 0 ? (
        <p class="note">
          No queue reports its depth. The gauge <code>{METRIC_AGENTEL_QUEUE_DEPTH}</code> with{' '}
          <code>{ATTR_AGENTEL_QUEUE_NAME}</code> is what is shown here.
        </p>
      ) : (
        <div class="cards">
          {series.map((one) => (
            <MetricCard
              name={String(one.attributes[ATTR_AGENTEL_QUEUE_NAME] ?? 'queue')}
              sub={`most ${count(Math.max(...one.value.map((value) => value ?? 0)))}`}
              metric={METRIC_AGENTEL_QUEUE_DEPTH}
              series={one}
              format={count}
            />
          ))}
        </div>
      )}
    </Panel>
  )
}

const STATES = ['healthy', 'degraded', 'unhealthy'] as const

/** The state of each worker that reports one: the series whose newest value is 1. */
function WorkerHealth() {
  const states = useMetricSeries(METRIC_AGENTEL_WORKER_HEALTH).flatMap((one) => {
    const state = STATES.find((name) => Object.values(one.attributes).includes(name))
    return state !== undefined && (newest(one.value) ?? 0) > 0
      ? [{ worker: String(one.attributes[ATTR_AGENTEL_WORKER_NAME] ?? 'worker'), state }]
      : []
  })
  if (states.length === 0) return null
  return (
    <Panel title="Health">
      <ul class="agent-health">
        {states.map(({ worker, state }) => (
          <li class={state}>
            <span class="clip">{worker}</span>
            <span class="state">{state}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function headline({ summary, slowerThan, exact: all }: WorkerList): string {
  const { executions, errors, slow } = summary
  const failed = errors === 0 ? 'none failed' : `${count(errors)} failed`
  const late = slow === 0 ? '' : `, ${count(slow)} took longer than ${duration(slowerThan)}`
  return `${all ? '' : 'the newest '}${plural(executions, 'execution')} in ${rangeName.value}, ${failed}${late}`
}

/** Executions of workers, publications and handlings of events, depth of queues. */
export function WorkersPage() {
  const workers = useResource<WorkerList>(api('workers', window.value), version.value)
  const events = useResource<EventList>(api('events', window.value), version.value)
  const error = workers.error ?? events.error
  if (error && !(workers.data && events.data)) return <p class="notice bad page">{error}</p>
  if (!workers.data || !events.data) return <p class="note">Reading…</p>
  const { rows } = workers.data
  return (
    <div class="page workers-page">
      <div class="page-head">
        <h1>Workers and events</h1>
        <SectionTabs />
        <span class="sub">{rows.length > 0 && headline(workers.data)}</span>
      </div>
      <WorkerHealth />
      <Panel title="Workers" more={rows.length > 0 && plural(rows.length, 'worker')}>
        {rows.length > 0 ? (
          <Table head="Worker" rows={rows} name={(row) => row.name} type="worker" columns={WORKER_COLUMNS} />
        ) : (
          <Missing what="No worker ran" call="worker()" />
        )}
      </Panel>
      <Panel title="Events" more={events.data.rows.length > 0 && plural(events.data.rows.length, 'type')}>
        {events.data.rows.length > 0 ? (
          <Table head="Event" rows={events.data.rows} name={(row) => row.type} type="event" columns={EVENT_COLUMNS} />
        ) : (
          <Missing what="No event was published or processed" call="publishEvent() and processEvent()" />
        )}
      </Panel>
      <Queues />
    </div>
  )
}
