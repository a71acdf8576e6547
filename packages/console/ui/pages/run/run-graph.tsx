/** Who called whom inside one run, aggregated by name. */
import { useMemo, useState } from 'preact/hooks'
import { AgentGraphView, edgeId, type GraphEdge, type GraphNode } from '../../parts/agent-graph.tsx'
import type { AgentEdgeKind } from '../../../src/api/contract.ts'
import type { Run } from './model.ts'
import { visit, type RunState } from './state.ts'

type Counted<T> = { -readonly [K in keyof T]: T[K] } & { rows: number[] }

interface RunGraphData {
  readonly nodes: readonly Counted<GraphNode>[]
  readonly edges: readonly Counted<GraphEdge>[]
}

/** Agents by their invocations, tools folded by name; handovers where the server found them. */
export function graphOf(run: Run): RunGraphData {
  const nodes = new Map<string, Counted<GraphNode>>()
  const edges = new Map<string, Counted<GraphEdge>>()
  const node = (kind: GraphNode['kind'], name: string, row: number, failed: boolean, took: number | null) => {
    const id = `${kind}:${name}`
    const found = nodes.get(id) ?? { id, kind, name, count: 0, errors: 0, p95: null, rows: [] }
    found.count += 1
    found.errors += failed ? 1 : 0
    if (took !== null) found.p95 = Math.max(found.p95 ?? 0, took)
    found.rows.push(row)
    nodes.set(id, found)
    return id
  }
  const edge = (from: string, to: string, kind: AgentEdgeKind, row: number, failed: boolean) => {
    const found = edges.get(`${from}>${to}>${kind}`) ?? { from, to, kind, count: 0, errors: 0, p95: null, rows: [] }
    found.count += 1
    found.errors += failed ? 1 : 0
    found.rows.push(row)
    edges.set(`${from}>${to}>${kind}`, found)
  }
  const user = (row: number) => (nodes.has('user:user') ? 'user:user' : node('user', 'user', row, false, null))
  const taken = new Set(run.skeleton.handoffs.map(({ to }) => to))
  const handed = new Set(run.skeleton.handoffs.map(({ from, to }) => `${from}>${to}`))
  for (let index = 0; index < run.size; index++) {
    const row = run.row(index)
    if (row.type === 'agent' && row.agent) {
      const id = node('agent', row.agent, index, row.failed, row.duration)
      const caller = callerOf(run, index)
      if (caller === null && !taken.has(row.agent)) edge(user(index), id, 'calls', index, row.failed)
      else if (caller === null) continue
      else if (caller !== row.agent && !handed.has(`${caller}>${row.agent}`))
        edge(`agent:${caller}`, id, 'calls', index, row.failed)
    } else if (row.type === 'tool' && row.agent && row.tool) {
      edge(`agent:${row.agent}`, node('tool', row.tool, index, row.failed, row.duration), 'tool', index, row.failed)
    }
  }
  for (const { row, from, to } of run.skeleton.handoffs)
    edge(from ? `agent:${from}` : user(row), `agent:${to}`, 'handoff', row, run.row(row).failed)
  // An agent may be named by a handover or a tool only, without an invocation of its own.
  for (const { from, to, rows } of edges.values()) {
    for (const id of [from, to]) if (!nodes.has(id)) node('agent', id.replace(/^agent:/, ''), rows[0]!, false, null)
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to)),
  }
}

/** The nearest agent above an invocation; null when the run enters here. */
function callerOf(run: Run, index: number): string | null {
  for (let at = run.row(index).parent; at >= 0; at = run.row(at).parent) {
    if (run.row(at).type === 'agent') return run.row(at).agent
  }
  return null
}

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
