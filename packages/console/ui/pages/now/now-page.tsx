/** `/`: is anything wrong now? */
import { useEffect } from 'preact/hooks'
import type { Overview, TraceList } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { FirstSpan } from '../../parts/first-span.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AgentLink } from '../../parts/span-type.tsx'
import { StatsTable } from '../../parts/stats-table.tsx'
import { TargetList } from '../../parts/target-list.tsx'
import { rememberList } from '../runs/neighbours.ts'
import { RunRows } from '../runs/run-rows.tsx'
import { Distribution } from './distribution.tsx'
import { Tiles } from './tiles.tsx'
import { NowVerdict } from './verdict.tsx'

/** Rows of each short list. */
const RUNS = 12
const FAILED = 7
const NAMES = 8

function ErrorTypes({ types }: { types: Overview['errorTypes'] }) {
  if (types.length === 0) return <p class="note">No span failed.</p>
  return (
    <ul class="error-types">
      {types.slice(0, NAMES).map(({ type, count: times }) => (
        <li>
          <a class="clip" href={href('/runs', { error: type })}>
            {type}
          </a>
          <span class="num">{count(times)}</span>
        </li>
      ))}
    </ul>
  )
}

const runsWith = (name: string, value: string) => <a href={href('/runs', { [name]: value })}>{value}</a>

function Agents({ overview }: { overview: Overview }) {
  return (
    <Panel title="Agents" more={<a href={href('/agents')}>graph</a>}>
      <StatsTable
        rows={overview.agents.slice(0, NAMES)}
        head="Agent"
        label={(name) => <AgentLink name={name} />}
        empty="No agent is named in these spans (gen_ai.agent.name)."
      />
    </Panel>
  )
}

function Models({ overview }: { overview: Overview }) {
  return (
    <Panel title="Models" more={<a href={href('/cost')}>cost</a>}>
      <StatsTable
        rows={overview.models.slice(0, NAMES)}
        head="Model"
        label={(name) => runsWith('model', name)}
        empty="No model was called."
      />
    </Panel>
  )
}

function Tools({ overview }: { overview: Overview }) {
  return (
    <Panel title="Tools">
      <StatsTable
        rows={overview.tools.slice(0, NAMES)}
        money={false}
        head="Tool"
        label={(name) => runsWith('tool', name)}
        empty="No tool was called."
      />
    </Panel>
  )
}

function Types({ overview }: { overview: Overview }) {
  return (
    <Panel title="Operations by type">
      <StatsTable
        rows={overview.types.map(({ type, ...stats }) => ({ name: type, ...stats }))}
        money={false}
        head="Type"
        label={(name) => name}
        empty="Nothing ran."
      />
    </Panel>
  )
}

/** Verdict, figures, what failed, what just ran, who and what is busy. */
export function NowPage() {
  const { data: overview, error } = useResource<Overview>(api('overview', window.value), version.value)
  const { data: newest } = useResource<TraceList>(api('traces', { ...window.value, limit: RUNS }), version.value)
  useEffect(() => rememberList(newest?.traces ?? []), [newest])
  if (error && !overview) return <p class="notice bad page">{error}</p>
  if (!overview) return <p class="note">Reading…</p>
  if (overview.totals.traces === 0 && overview.totals.spans === 0) return <FirstSpan what="runs" />
  return (
    <div class="page now-page">
      <h1 class="hidden">Now</h1>
      <NowVerdict overview={overview} />
      <Tiles overview={overview} />
      <div class="two-columns">
        <div class="stack">
          <RunRows
            title={`Failed in ${rangeName.value}`}
            runs={overview.failed.slice(0, FAILED)}
            all={href('/runs', { status: 'error' })}
            empty="Nothing failed."
          />
          <Agents overview={overview} />
          <Tools overview={overview} />
          <Panel title="Errors by type">
            <ErrorTypes types={overview.errorTypes} />
          </Panel>
          <Panel title="Spans of a run">
            <Distribution
              buckets={overview.traceSizes}
              format={(size) => count(size)}
              label="Runs by number of spans"
            />
          </Panel>
        </div>
        <div class="stack">
          <RunRows title="Newest runs" runs={newest?.traces ?? []} all={href('/runs')} empty="Nothing ran." />
          <Models overview={overview} />
          <Types overview={overview} />
          <Panel title="Targets" more={<a href={href('/health')}>health</a>}>
            <TargetList overview={overview} />
          </Panel>
          <Panel title="Duration of runs">
            <Distribution buckets={overview.durations} format={duration} label="Runs by duration" />
          </Panel>
        </div>
      </div>
    </div>
  )
}
