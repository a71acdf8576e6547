/** `/agents/:name`: is this agent healthy? */
import { useEffect } from 'preact/hooks'
import type { AgentPage as AgentAnswer } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count, percent, plural, significant, UNKNOWN } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Cost, ErrorShare, Tokens, Took } from '../../parts/figures.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AgentName } from '../../parts/span-type.tsx'
import { StatsTable } from '../../parts/stats-table.tsx'
import { TimeBars } from '../../parts/time-bars.tsx'
import { rememberList } from '../runs/neighbours.ts'
import { RunRows } from '../runs/run-rows.tsx'

/** Healthy, degraded, unhealthy by the project's bounds: success under 95 % or 90 %, p95 over 5 s or 10 s. */
export function healthOf({ stats }: Pick<AgentAnswer, 'stats'>): {
  state: 'healthy' | 'degraded' | 'unhealthy' | 'unknown'
  reasons: readonly string[]
} {
  if (stats.count === 0) return { state: 'unknown', reasons: ['no invocation in this time range'] }
  const success = 1 - stats.errors / stats.count
  const p95 = stats.p95 ?? 0
  const reasons: string[] = []
  if (success < 0.95) reasons.push(`${percent(success)} of its calls succeed (95 % is the bound)`)
  if (p95 > 5_000) reasons.push(`p95 is ${duration(p95)} (5 s is the bound)`)
  if (success < 0.9 || p95 > 10_000) return { state: 'unhealthy', reasons }
  return { state: reasons.length > 0 ? 'degraded' : 'healthy', reasons }
}

function Partners({ page }: { page: AgentAnswer }) {
  const rows = [
    ...page.incoming.map((edge) => ({ ...edge, name: edge.from, way: 'from' })),
    ...page.outgoing.map((edge) => ({ ...edge, name: edge.to, way: 'to' })),
  ]
  if (rows.length === 0) return <p class="note">It has worked with no other agent.</p>
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Partners">
      <table class="stats">
        <thead>
          <tr>
            <th>Partner</th>
            <th>How</th>
            <th class="right">Times</th>
            <th class="right">Failed</th>
            <th class="right">p95</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">
                {row.way === 'from' ? '← ' : '→ '}
                {row.name.replace(/^(agent|tool):/, '')}
              </th>
              <td class="soft">{row.kind}</td>
              <td class="right num">{count(row.count)}</td>
              <td class="right">
                <ErrorShare errors={row.errors} of={row.count} />
              </td>
              <td class="right">
                <Took ms={row.p95} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Decisions({ page }: { page: AgentAnswer }) {
  if (page.decisions.length === 0) return <p class="note">It has recorded no decision.</p>
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Decisions">
      <table class="stats">
        <thead>
          <tr>
            <th>Decision</th>
            <th class="right">Times</th>
            <th class="right">Confidence</th>
            <th class="right">Options</th>
            <th>Outcomes</th>
          </tr>
        </thead>
        <tbody>
          {page.decisions.map((decision) => (
            <tr>
              <th scope="row">{decision.name}</th>
              <td class="right num">{count(decision.count)}</td>
              <td class="right num">{decision.meanConfidence === null ? UNKNOWN : percent(decision.meanConfidence)}</td>
              <td class="right num">
                {decision.meanOptions === null ? UNKNOWN : significant(decision.meanOptions, 2)}
              </td>
              <td class="soft">
                {decision.outcomes
                  .slice(0, 4)
                  .map(({ outcome, count: times }) => `${outcome} (${times})`)
                  .join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const TONES = { healthy: 'good', unhealthy: 'bad', degraded: 'warn', unknown: '' }

function Health({ page }: { page: AgentAnswer }) {
  const { state, reasons } = healthOf(page)
  const { stats } = page
  return (
    <p class={`now-verdict ${TONES[state]}`}>
      <b>{state[0]!.toUpperCase() + state.slice(1)}.</b> {reasons.join('; ')}
      <span class="soft">
        {' '}
        {plural(stats.count, 'call')} in {rangeName.value}, <ErrorShare errors={stats.errors} of={stats.count} />{' '}
        failed, p50 {duration(stats.p50)}, p95 {duration(stats.p95)},{' '}
        <Tokens input={stats.inputTokens} output={stats.outputTokens} /> tokens,{' '}
        <Cost amount={stats.cost} unpriced={stats.unpriced} />. Last seen <Age time={page.lastSeen} />
        {page.uptime === null ? '' : `, up for ${duration(page.uptime)}`}.
      </span>
    </p>
  )
}

function Course({ name, series }: AgentAnswer) {
  return (
    <section class="panel padded">
      <TimeBars
        start={series.start}
        step={series.step}
        label={`Calls of ${name} over time`}
        format={(value) => count(value)}
        height={90}
        layers={[
          { name: 'succeeded', values: series.count.map((n, i) => n - (series.errors[i] ?? 0)), tone: 'tone-accent' },
          { name: 'failed', values: series.errors, tone: 'tone-error' },
        ]}
      />
    </section>
  )
}

function Tables({ page }: { page: AgentAnswer }) {
  const runsWith = (name: string, value: string) => (
    <a href={href('/runs', { agent: page.name, [name]: value })}>{value}</a>
  )
  return (
    <div class="now-tables">
      <Panel title="Works with">
        <Partners page={page} />
      </Panel>
      <Panel title="Tools" more={page.declaredTools.length > 0 && `declared: ${page.declaredTools.join(', ')}`}>
        <StatsTable
          rows={page.tools}
          money={false}
          head="Tool"
          label={(tool) => runsWith('tool', tool)}
          empty="It has called no tool."
        />
      </Panel>
      <Panel title="Models">
        <StatsTable
          rows={page.models}
          head="Model"
          label={(model) => runsWith('model', model)}
          empty="It has called no model."
        />
      </Panel>
      <Panel title="Decisions">
        <Decisions page={page} />
      </Panel>
      {page.tasks.length > 0 && (
        <Panel title="Tasks">
          <StatsTable rows={page.tasks} money={false} head="Task" label={(task) => task} empty="" />
        </Panel>
      )}
    </div>
  )
}

function Body({ page }: { page: AgentAnswer }) {
  useEffect(() => rememberList(page.recent), [page])
  return (
    <>
      <Health page={page} />
      <Course {...page} />
      <Tables page={page} />
      <RunRows
        title="Newest runs with it"
        runs={page.recent}
        all={href('/runs', { agent: page.name })}
        empty="No run in this time range."
        wide
      />
    </>
  )
}

/** @param name as in `gen_ai.agent.name` */
export function AgentPage({ name }: { name: string }) {
  const { data: page, error } = useResource<AgentAnswer>(
    api(`agents/${encodeURIComponent(name)}`, window.value),
    version.value,
  )
  return (
    <div class="page agent-page">
      <div class="page-head">
        <h1>
          <AgentName name={name} />
        </h1>
        {page?.description && <span class="sub">{page.description}</span>}
        <span class="chips">
          {page?.capabilities.map((capability) => (
            <span class="chip">{capability}</span>
          ))}
        </span>
      </div>
      {error && <p class="notice bad">{error}</p>}
      {page ? <Body page={page} /> : !error && <p class="note">Reading…</p>}
    </div>
  )
}
