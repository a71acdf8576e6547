/** Who called whom inside one run, aggregated by name. */
import { useMemo, useState } from 'preact/hooks'
import { AgentGraphView, edgeId } from '../../parts/agent-graph.tsx'
import { graphOf } from './graph-of.ts'
import { visit, type RunState } from './state.ts'

/** A click goes to the first span behind a node or an edge. */
export function RunGraph({ state }: { state: RunState }) {
  const graph = useMemo(() => graphOf(state.run), [state.run])
  const [selected, setSelected] = useState<string | null>(null)
  if (graph.nodes.length === 0)
    return (
      <p class="note">
        No agent is named in this run, so there is nothing to draw. Spans with gen_ai.agent.name make a graph.
      </p>
    )
  const choose = (id: string | null) => {
    setSelected(id)
    const found = graph.nodes.find((node) => node.id === id) ?? graph.edges.find((one) => edgeId(one) === id)
    if (found) visit(state, found.rows[0]!)
  }
  return (
    <div class="run-graph">
      <AgentGraphView
        nodes={graph.nodes}
        edges={graph.edges}
        selected={selected}
        onSelect={choose}
        label="Agents of this run"
        direction="TB"
      />
    </div>
  )
}
