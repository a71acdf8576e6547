import type { SpanTree } from './span-tree.ts'

/** How two parties of a trace met. `model`, `task`, `decision` and `error` tell what an agent did, the others whom it dealt with. */
export type InteractionKind = 'calls' | 'handoff' | 'message' | 'tool' | 'model' | 'task' | 'decision' | 'error'

/** One meeting; `span` is an index into the input. */
export interface Interaction {
  readonly span: number
  readonly from: string
  readonly kind: InteractionKind
  readonly to: string
}

/** What finding interactions needs of a span; '' where absent. */
export interface ActingSpan {
  readonly type: string
  readonly agent: string
  readonly tool: string
  readonly model: string
  readonly errorType: string
  /** Target of a handoff or message, name of a task or decision. */
  readonly target: string
  readonly start: number
  /** OpenTelemetry's span kind; 4 (producer) and 3 (client) send a message. */
  readonly kind: number
}

/** Who a trace comes from when no agent called. */
export const USER = ''

const CONSUMER = 5
const SERVER = 2

/** The agent that each span belongs to: its own, else its nearest ancestor's, else ''. */
export function effectiveAgents(spans: readonly ActingSpan[], tree: SpanTree): string[] {
  const agents: string[] = spans.map((span) => span.agent)
  for (const i of tree.order) {
    const up = tree.parent[i]!
    if (agents[i] === '' && up !== -1) agents[i] = agents[up]!
  }
  return agents
}

/**
 * The agent on whose behalf an agent was invoked: that of the nearest agent span above it. Undefined when it was invoked
 * inside a handover or message to itself: that is counted as such, not as a call too.
 */
function callerOf(
  spans: readonly ActingSpan[],
  tree: SpanTree,
  agents: readonly string[],
  at: number,
): string | undefined {
  const invoked = spans[at]!.agent
  for (let up = tree.parent[at]!; up !== -1; up = tree.parent[up]!) {
    const { type, agent, target } = spans[up]!
    if ((type === 'handoff' || type === 'message') && target === invoked) return undefined
    if (type === 'agent') return agent
    if (agent !== '' && agent !== agents[at]) return agent
  }
  return USER
}

function interactionOf(span: ActingSpan, agent: string): { kind: InteractionKind; to: string } | undefined {
  switch (span.type) {
    case 'tool':
      return span.tool === '' ? undefined : { kind: 'tool', to: span.tool }
    case 'model':
    case 'embeddings':
      return agent === '' || span.model === '' ? undefined : { kind: 'model', to: span.model }
    case 'handoff':
      return span.target === '' ? undefined : { kind: 'handoff', to: span.target }
    case 'message':
      if (span.target === '' || span.kind === CONSUMER || span.kind === SERVER) return undefined
      return { kind: 'message', to: span.target }
    case 'task':
      return span.target === '' ? undefined : { kind: 'task', to: span.target }
    case 'decision':
      return span.target === '' ? undefined : { kind: 'decision', to: span.target }
    default:
      return undefined
  }
}

/** All meetings of a trace. An agent that was handed over to is not called by the user as well. */
export function findInteractions(
  spans: readonly ActingSpan[],
  tree: SpanTree,
  agents: readonly string[],
): Interaction[] {
  const found: Interaction[] = []
  const handedTo = new Map<string, number>()
  spans.forEach((span) => {
    if (span.type === 'handoff' && span.target !== '') {
      handedTo.set(span.target, Math.min(handedTo.get(span.target) ?? Number.POSITIVE_INFINITY, span.start))
    }
  })
  for (const i of tree.order) {
    const span = spans[i]!
    const agent = agents[i]!
    if (span.type === 'agent' && span.agent !== '') {
      const from = callerOf(spans, tree, agents, i)
      const handed = from === USER && (handedTo.get(span.agent) ?? Number.POSITIVE_INFINITY) <= span.start
      if (from !== undefined && !handed) found.push({ span: i, from, kind: 'calls', to: span.agent })
    }
    const meeting = interactionOf(span, agent)
    if (meeting !== undefined) found.push({ span: i, from: agent, ...meeting })
    if (span.errorType !== '' && agent !== '') found.push({ span: i, from: agent, kind: 'error', to: span.errorType })
  }
  return found
}
