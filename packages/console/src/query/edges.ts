import type { AgentEdgeKind, OverviewQuery, ResolvedRange } from '../api/contract.ts'
import { firstTierOf, NUL, ROLLUP_DIMS } from '../store/codes.ts'
import type { Reader } from './reader.ts'
import { bucketsOf, keysOfWindow, type Totals, totalsByKey } from './rollup-reader.ts'

/** Kinds of edges in the store: those between parties, and those that tell what an agent did. */
export type EdgeKind = AgentEdgeKind | 'model' | 'task' | 'decision' | 'error'

/** What an edge joins. `from` is '' for the user. */
export interface EdgeName {
  readonly from: string
  readonly kind: EdgeKind
  readonly to: string
}

/** One edge over a window. */
export interface Edge extends EdgeName {
  readonly totals: Totals
}

function nameOf(text: string): EdgeName {
  const [from = '', kind = 'calls', to = ''] = text.split(NUL)
  return { from, kind: kind as EdgeKind, to }
}

/** The edges of a window that are wanted; of the others only the names are read. */
export function edgesOf(
  reader: Reader,
  range: ResolvedRange,
  service: OverviewQuery['service'] | null,
  wanted: (name: EdgeName) => boolean,
): Edge[] {
  const query = { dim: ROLLUP_DIMS.edge, buckets: bucketsOf(range, firstTierOf(ROLLUP_DIMS.edge)), service }
  const names = new Map<number, EdgeName>()
  for (const key of keysOfWindow(reader, query)) {
    const name = nameOf(reader.text(key))
    if (wanted(name)) names.set(key, name)
  }
  const totals = totalsByKey(reader, { ...query, keys: [...names.keys()] })
  return [...totals].map(([key, sums]) => ({ ...names.get(key)!, totals: sums }))
}

/** Whether an edge joins two parties. */
export function isMeeting<T extends EdgeName>(edge: T): edge is T & { readonly kind: AgentEdgeKind } {
  return edge.kind === 'calls' || edge.kind === 'handoff' || edge.kind === 'message' || edge.kind === 'tool'
}
