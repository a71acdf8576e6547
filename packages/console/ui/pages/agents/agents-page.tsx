/** `/agents`: who works with whom, and how well? */
import { useMemo } from 'preact/hooks'
import type { AgentGraph } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { query, setQuery } from '../../app/router.ts'
import { percent, plural } from '../../format/quantity.ts'
import { AgentGraphView } from '../../parts/agent-graph.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { FirstSpan } from '../../parts/first-span.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AgentLink } from '../../parts/span-type.tsx'
import { StatsTable } from '../../parts/stats-table.tsx'
import { useNarrow } from '../../parts/narrow.ts'
import { Matrix } from './matrix.tsx'
import { Selection } from './selection.tsx'

/** The same graph keeps its object, so that its layout is asked for once. */
function useShape(graph: AgentGraph | null, tools: boolean) {
  return useMemo(() => {
    // The user has no spans of its own: what counts is how many runs came in.
    const nodes = (graph?.nodes ?? [])
      .filter((node) => tools || node.kind !== 'tool')
      .map((node) => (node.kind === 'user' ? { ...node, count: node.traces } : node))
    const known = new Set(nodes.map((node) => node.id))
    const edges = (graph?.edges ?? []).filter((edge) => known.has(edge.from) && known.has(edge.to))
    // A handover or a message is what leads to the call under it: one line says both.
    const led = new Set(edges.filter(({ kind }) => kind !== 'calls').map(({ from, to }) => `${from}>${to}`))
    return { nodes, edges: edges.filter(({ kind, from, to }) => kind !== 'calls' || !led.has(`${from}>${to}`)) }
  }, [graph, tools])
}

function GraphKey() {
  return (
    <p class="graph-key faint">
      {['handover', 'call', 'tool', 'message'].map((kind) => (
        <span class={`key-line key-${kind}`}>{kind}</span>
      ))}
      <span>width: how often · red: failures · on the line: times, rate, failures</span>
    </p>
  )
}

function headline(agents: AgentGraph['nodes']): string {
  const failing = agents
    .filter((agent) => agent.errors > 0)
    .toSorted((a, b) => b.errors / b.count - a.errors / a.count)[0]
  const all = `${plural(agents.length, 'agent')} in ${rangeName.value}`
  return failing
    ? `${all}; ${failing.name} fails most, ${percent(failing.errors / failing.count)} of ${plural(failing.count, 'call')}`
    : all
}

function Graph({ graph, agents }: { graph: AgentGraph; agents: AgentGraph['nodes'] }) {
  const tools = query.value.get('tools') !== 'no'
  const shape = useShape(graph, tools)
  const narrow = useNarrow()
  const selected = query.value.get('at')
  const select = (id: string | null) => setQuery({ at: id }, { replace: true })
  return (
    <>
      <div class={`graph-and-selection ${selected ? 'with' : ''}`}>
        <section class="panel graph-panel" aria-label="Graph of agents">
          <AgentGraphView
            nodes={shape.nodes}
            edges={shape.edges}
            selected={selected}
            onSelect={select}
            direction={narrow ? 'TB' : 'LR'}
            label="Who calls and hands over to whom"
          />
          <GraphKey />
        </section>
        {selected && <Selection graph={graph} selected={selected} />}
      </div>
      <div class="agents-tables">
        <Panel title="From row to column">
          <Matrix {...graph} selected={selected} onSelect={select} />
        </Panel>
        <Panel title="Agents">
          <StatsTable rows={agents} head="Agent" label={(name) => <AgentLink name={name} />} empty="" />
        </Panel>
      </div>
    </>
  )
}

/** Graph, matrix and table share one selection, which is in the URL. */
export function AgentsPage() {
  const { data: graph, error } = useResource<AgentGraph>(api('agents', window.value), version.value)
  const tools = query.value.get('tools') !== 'no'
  if (error && !graph) return <p class="notice bad page">{error}</p>
  if (!graph) return <p class="note">Reading…</p>
  const agents = graph.nodes.filter((node) => node.kind === 'agent')
  if (agents.length === 0) return <FirstSpan what="agents" />
  return (
    <div class="page agents-page">
      <div class="page-head">
        <h1>Agents</h1>
        <SectionTabs />
        <span class="sub">{headline(agents)}</span>
        <span class="side">
          <button
            type="button"
            class={`button ${tools ? 'on' : ''}`}
            aria-pressed={tools}
            onClick={() => setQuery({ tools: tools ? 'no' : null }, { replace: true })}
          >
            Tools
          </button>
        </span>
      </div>
      <Graph graph={graph} agents={agents} />
    </div>
  )
}
