/** A graph of agents, drawn as SVG: nodes with a ring of good and failed work, edges as wide as they are used. */
import { useMemo } from 'preact/hooks'
import { count, percent, plural, significant } from '../format/quantity.ts'
import { duration } from '../format/time.ts'
import type { DrawnEdgeKind, GraphEdge, GraphNode } from './graph-items.ts'
import { hueOf } from './span-type.tsx'
import { useLayout } from './use-layout.ts'

/** A wide graph shrinks to this before it scrolls: its text stays readable. */
const SMALLEST = 0.78
const NODE_HEIGHT = 52
const LETTER = 7.1

const subOf = (node: GraphNode): string =>
  node.kind === 'user' ? plural(node.count, 'run') : `${count(node.count)} · p95 ${duration(node.p95)}`
const widthOf = (node: GraphNode): number =>
  Math.max(96, Math.min(220, Math.max(shortened(node.name).length * LETTER, subOf(node).length * 6.3) + 60))
const shortened = (name: string): string => (name.length > 23 ? `${name.slice(0, 22)}…` : name)
/** 2.1/min; of what is rarer than that 12/h, 3/d. */
function rateOf({ rate = 0 }: GraphEdge): string {
  const [times, unit] = rate >= 1 ? [rate, 'min'] : rate * 60 >= 1 ? [rate * 60, 'h'] : [rate * 1440, 'd']
  return rate > 0 ? ` · ${times < 100 ? significant(times, 2) : count(Math.round(times))}/${unit}` : ''
}

const labelOf = (edge: GraphEdge): string =>
  `${count(edge.count)}${rateOf(edge)}${edge.errors > 0 ? ` · ${count(edge.errors)} failed` : ''}`

const labelWidth = (edge: GraphEdge): number => labelOf(edge).length * 6.2 + 8

/** What an edge says between its two names. */
export const EDGE_VERBS: Record<DrawnEdgeKind, string> = {
  calls: 'calls',
  handoff: 'hands over to',
  message: 'writes to',
  tool: 'uses',
  after: 'is asked for after',
}

/** A Catmull-Rom spline through the way points, as cubic Béziers. */
function curve(points: readonly { x: number; y: number }[]): string {
  let d = `M${points[0]!.x.toFixed(1)} ${points[0]!.y.toFixed(1)}`
  for (let i = 0; i < points.length - 1; i++) {
    const p0 = points[Math.max(0, i - 1)]!
    const p1 = points[i]!
    const p2 = points[i + 1]!
    const p3 = points[Math.min(points.length - 1, i + 2)]!
    const c1 = { x: p1.x + (p2.x - p0.x) / 6, y: p1.y + (p2.y - p0.y) / 6 }
    const c2 = { x: p2.x - (p3.x - p1.x) / 6, y: p2.y - (p3.y - p1.y) / 6 }
    d += `C${c1.x.toFixed(1)} ${c1.y.toFixed(1)} ${c2.x.toFixed(1)} ${c2.y.toFixed(1)} ${p2.x.toFixed(1)} ${p2.y.toFixed(1)}`
  }
  return d
}

function Ring({ share }: { share: number }) {
  const around = 2 * Math.PI * 13
  return (
    <g class="ring" transform="translate(24 26)">
      <circle r="13" class="ring-ok" />
      {share > 0 && (
        <circle
          r="13"
          class="ring-bad"
          stroke-dasharray={`${Math.max(2, share * around)} ${around}`}
          transform="rotate(-90)"
        />
      )}
    </g>
  )
}

const SIGN = { user: 'U', tool: 'T' }

function NodeBox({
  node,
  selected,
  dim,
  onSelect,
}: {
  node: GraphNode
  selected: boolean
  dim: boolean
  onSelect: () => void
}) {
  const width = widthOf(node)
  const share = node.count > 0 ? node.errors / node.count : 0
  const said = `${node.kind} ${node.name}: ${plural(node.count, 'call')}, ${percent(share)} failed, p95 ${duration(node.p95)}`
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onSelect()
    }
  }
  const kindClass = node.kind === 'agent' ? hueOf(node.name) : `kind-${node.kind}`
  return (
    <g
      class={`node ${kindClass} ${selected ? 'selected' : ''} ${dim ? 'dim' : ''}`}
      role="button"
      tabIndex={0}
      aria-pressed={selected}
      onClick={onSelect}
      onKeyDown={key}
    >
      <title>{said}</title>
      <rect class="box" width={width} height={NODE_HEIGHT} rx={node.kind === 'agent' ? 12 : 6} />
      <Ring share={share} />
      <text class="letter" x="24" y="30" text-anchor="middle">
        {node.kind === 'agent' ? node.name.slice(0, 1).toUpperCase() : SIGN[node.kind]}
      </text>
      <text class="node-name" x="46" y="23">
        {shortened(node.name)}
      </text>
      <text class="node-sub" x="46" y="39">
        {subOf(node)}
      </text>
    </g>
  )
}

interface AgentGraphProps {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Id of a node, or `from>to>kind` of an edge. */
  readonly selected: string | null
  readonly onSelect: (id: string | null) => void
  readonly label: string
  /** Edges touched by the selection; all others are dimmed. */
  readonly direction?: 'LR' | 'TB'
}

/** Id of an edge in `selected`. */
export const edgeId = (edge: GraphEdge): string => `${edge.from}>${edge.to}>${edge.kind}`

/** Places come from the worker; until they are there the frame is empty. */
export function AgentGraphView({ nodes, edges, selected, onSelect, label, direction = 'LR' }: AgentGraphProps) {
  const request = useMemo(
    () => ({
      direction,
      nodes: nodes.map((node) => ({ id: node.id, width: widthOf(node), height: NODE_HEIGHT })),
      edges: edges.map((edge) => ({
        from: edge.from,
        to: edge.to,
        width: Math.round(labelWidth(edge) / 20) * 20 + 8,
        height: 16,
      })),
    }),
    [nodes, edges, direction],
  )
  const placed = useLayout(nodes.length > 0 ? request : null)
  if (!placed) return <div class="graph-frame" aria-busy="true" />
  const { layout } = placed
  const most = Math.max(1, ...edges.map((edge) => edge.count))
  const touched = (edge: GraphEdge) =>
    selected === null || selected === edgeId(edge) || selected === edge.from || selected === edge.to
  const near = (node: GraphNode) =>
    selected === null ||
    selected === node.id ||
    edges.some((edge) => touched(edge) && (edge.from === node.id || edge.to === node.id))
  return (
    <div class="graph-frame" tabIndex={0} role="region" aria-label={label}>
      <svg
        class="agent-graph"
        role="group"
        style={{ minWidth: `${layout.width * SMALLEST}px` }}
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
      >
        <defs>
          {[...Object.keys(EDGE_VERBS), 'failing'].map((kind) => (
            <marker
              id={`arrow-${kind}`}
              class={`arrow ${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 0.5L8 4L0 7.5Z" />
            </marker>
          ))}
        </defs>
        {edges.map((edge, i) => (
          <EdgeLine
            edge={edge}
            nodes={nodes}
            place={layout.edges[i]!}
            width={1.2 + 3.3 * Math.sqrt(edge.count / most)}
            dim={!touched(edge)}
            selected={selected === edgeId(edge)}
            onSelect={() => onSelect(selected === edgeId(edge) ? null : edgeId(edge))}
          />
        ))}
        {nodes.map((node, i) => (
          <g transform={`translate(${layout.nodes[i]!.x - widthOf(node) / 2} ${layout.nodes[i]!.y - NODE_HEIGHT / 2})`}>
            <NodeBox
              node={node}
              selected={selected === node.id}
              dim={!near(node)}
              onSelect={() => onSelect(selected === node.id ? null : node.id)}
            />
          </g>
        ))}
      </svg>
    </div>
  )
}

interface EdgeLineProps {
  readonly edge: GraphEdge
  readonly nodes: readonly GraphNode[]
  readonly place: {
    readonly points: readonly { readonly x: number; readonly y: number }[]
    readonly x: number
    readonly y: number
  }
  readonly width: number
  readonly dim: boolean
  readonly selected: boolean
  readonly onSelect: () => void
}

function EdgeLine({ edge, nodes, place, width, dim, selected, onSelect }: EdgeLineProps) {
  const name = (id: string) => nodes.find((node) => node.id === id)?.name ?? id
  const failing = edge.errors > 0
  const said = `${name(edge.from)} ${EDGE_VERBS[edge.kind]} ${name(edge.to)}: ${plural(edge.count, 'time')}, ${edge.errors} failed, p95 ${duration(edge.p95)}`
  const d = curve(place.points)
  return (
    <g
      class={`edge ${edge.kind} ${failing ? 'failing' : ''} ${dim ? 'dim' : ''} ${selected ? 'selected' : ''}`}
      onClick={onSelect}
    >
      <title>{said}</title>
      <path class="hit" d={d} />
      <path class="wire" d={d} stroke-width={width} marker-end={`url(#arrow-${failing ? 'failing' : edge.kind})`} />
      <rect
        class="edge-plate"
        x={place.x - labelWidth(edge) / 2}
        y={place.y - 8}
        width={labelWidth(edge)}
        height="16"
        rx="4"
      />
      <text class="edge-label" x={place.x} y={place.y + 4} text-anchor="middle">
        {labelOf(edge)}
      </text>
    </g>
  )
}
