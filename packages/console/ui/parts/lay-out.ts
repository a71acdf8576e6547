/** Places for the nodes and edges of a graph. */
import { Graph, layout } from '@dagrejs/dagre'

/** What to lay out; sizes in pixels. */
export interface LayoutRequest {
  readonly id: number
  readonly direction: 'LR' | 'TB'
  readonly nodes: readonly { readonly id: string; readonly width: number; readonly height: number }[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly width: number
    readonly height: number
  }[]
}

/** Centres of the nodes, way points and label centres of the edges, in the order asked. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly { readonly x: number; readonly y: number }[]
  readonly edges: readonly {
    readonly points: readonly { readonly x: number; readonly y: number }[]
    readonly x: number
    readonly y: number
  }[]
}

/** Takes hundreds of milliseconds at fifty nodes: the page asks a worker for it. */
export function layOut(request: LayoutRequest): Layout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: request.direction, nodesep: 26, ranksep: 56, edgesep: 14, marginx: 16, marginy: 16 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, width, height } of request.nodes) graph.setNode(id, { width, height })
  request.edges.forEach(({ from, to, width, height }, i) =>
    graph.setEdge(from, to, { width, height, labelpos: 'c' }, String(i)),
  )
  layout(graph)
  const size = graph.graph() as { width?: number; height?: number }
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: request.nodes.map(({ id }) => graph.node(id) as { x: number; y: number }),
    edges: request.edges.map(
      ({ from, to }, i) => graph.edge({ v: from, w: to, name: String(i) }) as Layout['edges'][number],
    ),
  }
}
