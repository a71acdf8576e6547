import type { AgentEdgeKind } from '../../src/api/contract.ts'

/** A node of a drawn graph. */
export interface GraphNode {
  readonly id: string
  readonly kind: 'agent' | 'tool' | 'user'
  readonly name: string
  readonly count: number
  readonly errors: number
  readonly p95: number | null
}

/** Inside one run it is known, too, which tools were asked for after the results of which. */
export type DrawnEdgeKind = AgentEdgeKind | 'after'

/** An edge between two nodes, by their ids. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly kind: DrawnEdgeKind
  readonly count: number
  readonly errors: number
  readonly p95: number | null
  /** Times a minute, over a window of time. */
  readonly rate?: number
}
