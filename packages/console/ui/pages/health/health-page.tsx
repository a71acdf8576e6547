/** `/health`: what should I fix first? */
import type { ConsoleStatus, Overview } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { plural } from '../../format/quantity.ts'
import { FirstSpan } from '../../parts/first-span.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AgentLink } from '../../parts/span-type.tsx'
import { healthOf } from '../agents/agent-page.tsx'
import { findingsOf, type Finding } from './findings.ts'

function FindingLine({ finding }: { finding: Finding }) {
  const { path, parameters, name } = finding.evidence
  return (
    <li class={`finding ${finding.weight}`}>
      <span class="weight">{finding.weight}</span>
      <p>
        <b>{finding.sentence}</b> {finding.advice}
      </p>
      <a href={href(path, parameters)}>{name}</a>
    </li>
  )
}

function Agents({ agents }: { agents: Overview['agents'] }) {
  if (agents.length === 0) return <p class="note">No agent is named in this time range.</p>
  return (
    <ul class="agent-health">
      {agents.map((agent) => {
        const { state, reasons } = healthOf({ stats: agent })
        return (
          <li class={state}>
            <AgentLink name={agent.name} />
            <span class="state">{state}</span>
            <span class="soft">{reasons.join('; ')}</span>
          </li>
        )
      })}
    </ul>
  )
}

function headline(findings: readonly Finding[]): string {
  const critical = findings.filter(({ weight }) => weight === 'critical').length
  if (findings.length === 0) return 'Nothing needs you.'
  if (critical > 0) return `${plural(critical, 'thing')} to fix now, ${findings.length - critical} more worth a look.`
  return `Nothing is broken; ${plural(findings.length, 'thing')} worth a look.`
}

/** Sentences with evidence, then the state of each agent and of the console itself. */
export function HealthPage() {
  const { data: overview, error } = useResource<Overview>(api('overview', window.value), version.value)
  const { data: status } = useResource<ConsoleStatus>('/api/status', version.value)
  if (error && !overview) return <p class="notice bad page">{error}</p>
  if (!overview) return <p class="note">Reading…</p>
  if (overview.totals.spans === 0) return <FirstSpan what="runs" />
  const findings = findingsOf(overview)
  const bad = findings.some(({ weight }) => weight === 'critical')
  return (
    <div class="page health-page">
      <div class="page-head">
        <h1>Health</h1>
        <span class="sub">in {rangeName.value}</span>
      </div>
      <p class={`now-verdict ${bad ? 'bad' : 'good'}`}>
        <b>{headline(findings)}</b>
      </p>
      {findings.length > 0 && (
        <Panel title="What to fix first">
          <ol class="findings">
            {findings.map((finding) => (
              <FindingLine finding={finding} />
            ))}
          </ol>
        </Panel>
      )}
      <Panel title="Agents">
        <Agents agents={overview.agents} />
      </Panel>
      <Panel title="This console" more={<a href={href('/settings')}>figures</a>}>
        <p class="note">
          {status?.store.fault
            ? `Nothing is being stored: ${status.store.fault}`
            : status && `It stores what arrives: ${plural(status.store.stored.spans, 'span')} so far.`}
        </p>
      </Panel>
    </div>
  )
}
