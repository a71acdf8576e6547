import type { AgentEdgeKind, OverviewQuery, ResolvedRange } from '../api/contract.ts'
import { firstTierOf, NUL, ROLLUP_DIMS } from '../store/codes.ts'
import type { Reader } from './reader.ts'
import { bucketsOf, type Totals, totalsByKey } from './rollup-reader.ts'

/** Kinds of edges in the store: those between parties, and those that tell what an agent did. */
export type EdgeKind = AgentEdgeKind | 'model' | 'task' | 'decision' | 'error'

/** One edge over a window. `from` is '' for the user. */
export interface Edge {
  readonly from: string
  readonly kind: EdgeKind
  readonly to: string
  readonly totals: Totals
}

/** All edges of a window. */
export function edgesOf(reader: Reader, range: ResolvedRange, service: OverviewQuery['service'] | null): Edge[] {
  const byKey = totalsByKey(reader, {
    dim: ROLLUP_DIMS.edge,
    buckets: bucketsOf(range, firstTierOf(ROLLUP_DIMS.edge)),
    service,
  })
  return [...byKey].map(([key, totals]) => {
    const [from = '', kind = 'calls', to = ''] = reader.text(key).split(NUL)
    return { from, kind: kind as EdgeKind, to, totals }
  })
}

/** Whether an edge joins two parties. */
export function isMeeting(edge: Edge): edge is Edge & { readonly kind: AgentEdgeKind } {
  return edge.kind === 'calls' || edge.kind === 'handoff' || edge.kind === 'message' || edge.kind === 'tool'
}
