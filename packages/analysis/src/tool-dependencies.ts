import type { ActingSpan } from './interactions.ts'
import type { SpanTree, TreeSpan } from './span-tree.ts'

/**
 * The calls of tools that one model call asked for, and those whose results it had newly seen when it did. Input indexes, both
 * in order of their start. Said once for all that were asked for together: a list for each would be as long as their product.
 */
export interface ToolDependency {
  readonly tools: readonly number[]
  readonly on: readonly number[]
}

type Span = ActingSpan & TreeSpan

const end = ({ start, duration }: TreeSpan): number => start + duration

/** For each span the agent's run or workflow that it is in; -1: the trace itself. */
function scopesOf(spans: readonly Span[], { order, parent }: SpanTree): Int32Array {
  const scopes = new Int32Array(spans.length).fill(-1)
  for (const i of order) {
    const above = parent[i]!
    if (above === -1) continue
    const { type } = spans[above]!
    scopes[i] = type === 'agent' || type === 'workflow' ? above : scopes[above]!
  }
  return scopes
}

/** Of spans that are sorted by their ends, the latest first: the first that had ended by then. */
function lastBefore(spans: readonly Span[], sorted: readonly number[], time: number): number | undefined {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (end(spans[sorted[middle]!]!) <= time) high = middle
    else low = middle + 1
  }
  return sorted[low]
}

/**
 * Which call of a tool waited for the results of which others: within one run of an agent, a tool is asked for by the
 * model call before it, and that one had newly seen what was called between it and the model call before. Tools that one
 * model call asks for do not depend on each other, however long they overlap.
 *
 * @returns one entry for each model call that asked for tools, and one for those of a run that no model call came before
 */
export function toolDependencies(spans: readonly Span[], tree: SpanTree): ToolDependency[] {
  const scopes = scopesOf(spans, tree)
  const ofType = (type: string) => tree.order.filter((i) => spans[i]!.type === type)
  const tools = ofType('tool').toSorted((a, b) => spans[a]!.start - spans[b]!.start)
  const latestFirst = ofType('model').toSorted((a, b) => end(spans[b]!) - end(spans[a]!))
  const models = Map.groupBy(latestFirst, (i) => scopes[i]!)
  /** The model call before a span, in its run; a negative number of the run where there is none. */
  const requestOf = (i: number): number =>
    lastBefore(spans, models.get(scopes[i]!) ?? [], spans[i]!.start) ?? -2 - scopes[i]!
  const askedFor = Map.groupBy(tools, requestOf)
  return [...askedFor].map(([request, together]) => {
    if (request < 0) return { tools: together, on: [] }
    const since = askedFor.get(requestOf(request)) ?? []
    return { tools: together, on: since.filter((tool) => end(spans[tool]!) <= spans[request]!.start) }
  })
}
