/** The interaction matrix: who works with whom, how often, how many of those failed, how long it took. */
import type { AgentGraph } from '../../../src/api/contract.ts'
import { count, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { edgeId } from '../../parts/agent-graph.tsx'
import { hueOf } from '../../parts/span-type.tsx'

interface MatrixProps {
  readonly matrix: AgentGraph['matrix']
  /** Rows and columns stand in their order. */
  readonly nodes: AgentGraph['nodes']
  readonly edges: AgentGraph['edges']
  readonly selected: string | null
  readonly onSelect: (id: string | null) => void
}

const shown = (name: string): string => name.replace(/^(agent|tool):/, '')
/** Strength of a cell's colour, in six steps, so that no style depends on data. */
const step = (value: number, most: number): number => Math.max(1, Math.ceil((value / most) * 5))

/** Cells select the edge in the graph. */
export function Matrix({ matrix, nodes, edges, selected, onSelect }: MatrixProps) {
  const most = Math.max(1, ...matrix.cells.flat().map((cell) => cell?.count ?? 0))
  const edgeOf = (from: string, to: string) =>
    edges.find((edge) => shown(edge.from) === shown(from) && shown(edge.to) === shown(to) && edge.kind !== 'tool') ??
    edges.find((edge) => shown(edge.from) === shown(from) && shown(edge.to) === shown(to))
  const isTool = (id: string) => id.startsWith('tool:')
  const places = new Map(nodes.map(({ id }, place) => [id, place + (isTool(id) ? nodes.length : 0)]))
  const inOrder = (ids: readonly string[]) =>
    ids.map((name, index) => ({ name, index })).toSorted((a, b) => placeOf(a.name) - placeOf(b.name))
  const placeOf = (id: string): number => places.get(id) ?? 2 * nodes.length
  if (matrix.from.length === 0) return <p class="note">No agent has worked with another one.</p>
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Interaction matrix">
      <table class="matrix">
        <thead>
          <tr>
            <td class="faint">from \ to</td>
            {inOrder(matrix.to).map(({ name: to }) => (
              <th scope="col" class={hueOf(shown(to))}>
                {shown(to)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inOrder(matrix.from).map(({ name: from, index: i }) => (
            <tr>
              <th scope="row">{shown(from)}</th>
              {inOrder(matrix.to).map(({ name: to, index: j }) => {
                const cell = matrix.cells[i]?.[j]
                if (!cell) return <td class="none faint">·</td>
                const edge = edgeOf(from, to)
                const said = `${shown(from)} to ${shown(to)}: ${plural(cell.count, 'time')}, ${cell.errors} failed, p95 ${duration(cell.p95)}`
                const on = edge !== undefined && selected === edgeId(edge)
                return (
                  <td class={`cell heat-${step(cell.count, most)} ${on ? 'on' : ''}`}>
                    <button
                      type="button"
                      title={said}
                      aria-pressed={on}
                      disabled={!edge}
                      onClick={() => edge && onSelect(on ? null : edgeId(edge))}
                    >
                      <span class="hidden">
                        {shown(from)} to {shown(to)}:
                      </span>
                      <b class="num">{count(cell.count)}</b>
                      {cell.errors > 0 && <span class="error-text num"> {count(cell.errors)}✕</span>}
                      <span class="num faint">{duration(cell.p95)}</span>
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
