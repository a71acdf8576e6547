/** `/workers`: what runs beside the agents, and does it keep up? Workers, events on the bus, queues. */
import {
  ATTR_AGENTEL_QUEUE_NAME,
  ATTR_AGENTEL_WORKER_NAME,
  METRIC_AGENTEL_QUEUE_DEPTH,
  METRIC_AGENTEL_WORKER_HEALTH,
} from '@agentel/semconv'
import type { OperationList } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { useMetricSeries } from '../../app/metric-series.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count, exact, plural } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { ErrorShare, Took } from '../../parts/figures.tsx'
import { MetricCard, newest } from '../../parts/metric-card.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { TypeBadge } from '../../parts/span-type.tsx'

type Row = OperationList['rows'][number]

function Rows({ rows, head }: { rows: readonly Row[]; head: string }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`${head} figures`}>
      <table class="stats">
        <thead>
          <tr>
            <th>{head}</th>
            <th>Service</th>
            {['Times', 'Failed', 'p50', 'p95', 'p99', 'Last'].map((name) => (
              <th class="right">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.name} ${row.kind} ${row.service}`}>
              <th scope="row">
                <a class="with-badge" href={href(`/runs/${row.traceId}`)} title="The newest run in which it occurred">
                  <TypeBadge type={row.type} /> <span class="clip">{row.name}</span>
                </a>
              </th>
              <td class="soft">{row.service ?? '-'}</td>
              <td class="right num" title={exact(row.count)}>
                {count(row.count)}
              </td>
              <td class="right">
                <ErrorShare errors={row.errors} of={row.count} />
              </td>
              {[row.p50, row.p95, row.p99].map((ms) => (
                <td class="right">
                  <Took ms={ms} />
                </td>
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

function headline({ rows, counted, exact: all }: OperationList): string {
  const failed = rows.reduce((sum, row) => sum + row.errors, 0)
  const times = rows.reduce((sum, row) => sum + row.count, 0)
  const of = all ? '' : ` of the newest ${count(counted)} runs`
  return `${plural(times, 'execution')}${of} in ${rangeName.value}, ${failed === 0 ? 'none failed' : `${count(failed)} failed`}`
}

/** Executions of workers, publications and handlings of events, depth of queues. */
export function WorkersPage() {
  const { data, error } = useResource<OperationList>(
    api('operations', { ...window.value, type: ['worker', 'event'] }),
    version.value,
  )
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  const of = (type: string) => data.rows.filter((row) => row.type === type)
  const [workers, events] = [of('worker'), of('event')]
  return (
    <div class="page workers-page">
      <div class="page-head">
        <h1>Workers and events</h1>
        <SectionTabs />
        <span class="sub">{data.rows.length > 0 && headline(data)}</span>
      </div>
      <WorkerHealth />
      <Panel title="Workers" more={workers.length > 0 && plural(workers.length, 'worker')}>
        {workers.length > 0 ? <Rows rows={workers} head="Worker" /> : <Missing what="No worker ran" call="worker()" />}
      </Panel>
      <Panel title="Events">
        {events.length > 0 ? (
          <Rows rows={events} head="Event" />
        ) : (
          <Missing what="No event was published or processed" call="publishEvent() and processEvent()" />
        )}
      </Panel>
      <Queues />
    </div>
  )
}
