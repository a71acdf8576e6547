import type { DrawnEdgeKind, GraphEdge, GraphNode } from '../../parts/graph-items.ts'
import type { Run } from './model.ts'

type Counted<T> = { -readonly [K in keyof T]: T[K] } & { rows: number[] }

interface RunGraphData {
  readonly nodes: readonly Counted<GraphNode>[]
  readonly edges: readonly Counted<GraphEdge>[]
}

/**
 * Who called whom inside one run: agents by their invocations, tools folded by name; handovers, and which tools were asked for
 * after the results of which, where the server found them.
 */
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
  const edge = (from: string, to: string, kind: DrawnEdgeKind, row: number, failed: boolean) => {
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
  for (const { rows, on } of run.skeleton.toolDependencies) {
    const before = new Set(on.flatMap((row) => run.row(row).tool ?? []))
    for (const [tool, [first]] of Map.groupBy(rows, (row) => run.row(row).tool ?? '')) {
      for (const other of before)
        if (tool !== other && nodes.has(`tool:${tool}`) && nodes.has(`tool:${other}`))
          edge(`tool:${tool}`, `tool:${other}`, 'after', first!, false)
    }
  }
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
