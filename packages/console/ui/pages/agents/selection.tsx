/** The figures of the selected node or edge, beside the graph. */
import type { ComponentChildren } from 'preact'
import type { AgentGraph } from '../../../src/api/contract.ts'
import { href } from '../../app/router.ts'
import { plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { EDGE_VERBS, edgeId } from '../../parts/agent-graph.tsx'
import { Cost, ErrorShare, Tokens } from '../../parts/figures.tsx'
import { Panel } from '../../parts/panel.tsx'
import { AgentName } from '../../parts/span-type.tsx'

function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return <dl class="facts">{facts.map(([name, value]) => [<dt>{name}</dt>, <dd class="num">{value}</dd>])}</dl>
}

function EdgeFacts({ graph, edge }: { graph: AgentGraph; edge: AgentGraph['edges'][number] }) {
  const nameOf = (id: string) => graph.nodes.find((one) => one.id === id)?.name ?? id
  return (
    <Panel title={`${nameOf(edge.from)} ${EDGE_VERBS[edge.kind]} ${nameOf(edge.to)}`} class="selection">
      <Facts
        facts={[
          ['Times', `${edge.count}${edge.rate > 0 ? `, one in ${duration(60_000 / edge.rate)}` : ''}`],
          ['Failed', <ErrorShare errors={edge.errors} of={edge.count} />],
          ['p95', duration(edge.p95)],
          [
            'Newest',
            edge.traceIds.map((id, i) => [
              i > 0 && ', ',
              <a class="mono" href={href(`/runs/${id}`)}>
                {id.slice(0, 8)}
              </a>,
            ]),
          ],
        ]}
      />
    </Panel>
  )
}

function NodeFacts({ node }: { node: AgentGraph['nodes'][number] }) {
  const agent = node.kind === 'agent'
  return (
    <Panel
      title={agent ? <AgentName name={node.name} /> : node.name}
      more={agent && <a href={href(`/agents/${encodeURIComponent(node.name)}`)}>open</a>}
      class="selection"
    >
      <Facts
        facts={[
          ['Calls', `${node.count} in ${plural(node.traces, 'run')}`],
          ['Failed', <ErrorShare errors={node.errors} of={node.count} />],
          ['p50, p95', `${duration(node.p50)}, ${duration(node.p95)}`],
          ['Tokens', <Tokens input={node.inputTokens} output={node.outputTokens} />],
          ['Cost', <Cost amount={node.cost} unpriced={node.unpriced} />],
          [
            'Runs',
            <a href={href('/runs', node.kind === 'user' ? {} : { [node.kind]: node.name })}>
              {plural(node.traces, 'run')} with it
            </a>,
          ],
        ]}
      />
    </Panel>
  )
}

/** @param selected id of a node, or of an edge as {@link edgeId} makes it */
export function Selection({ graph, selected }: { graph: AgentGraph; selected: string }) {
  const edge = graph.edges.find((one) => edgeId(one) === selected)
  if (edge) return <EdgeFacts graph={graph} edge={edge} />
  const node = graph.nodes.find(({ id }) => id === selected)
  return node ? <NodeFacts node={node} /> : null
}
