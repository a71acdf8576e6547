import type { ActingSpan } from './interactions.ts'
import type { SpanTree, TreeSpan } from './span-tree.ts'

/** A call of a tool, and the calls whose results the model had newly seen when it asked for it. Input indexes. */
export interface ToolDependency {
  readonly tool: number
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
 * @returns one entry a call of a tool, in order of their start
 */
export function toolDependencies(spans: readonly Span[], tree: SpanTree): ToolDependency[] {
  const scopes = scopesOf(spans, tree)
  const ofType = (type: string) => tree.order.filter((i) => spans[i]!.type === type)
  const tools = ofType('tool')
  const latestFirst = ofType('model').toSorted((a, b) => end(spans[b]!) - end(spans[a]!))
  const models = Map.groupBy(latestFirst, (i) => scopes[i]!)
  const modelBefore = (i: number) => lastBefore(spans, models.get(scopes[i]!) ?? [], spans[i]!.start)
  const keyOf = (scope: number, model: number | undefined): string => `${scope} ${model}`
  const askedFor = Map.groupBy(tools, (tool) => keyOf(scopes[tool]!, modelBefore(tool)))
  // What a model call had newly seen is the same for all the tools that it asks for.
  const seenBy = new Map<number, readonly number[]>()
  const seen = (request: number): readonly number[] => {
    const since = askedFor.get(keyOf(scopes[request]!, modelBefore(request))) ?? []
    return since.filter((tool) => end(spans[tool]!) <= spans[request]!.start)
  }
  const dependency = (tool: number): ToolDependency => {
    const request = modelBefore(tool)
    if (request === undefined) return { tool, on: [] }
    let on = seenBy.get(request)
    if (on === undefined) seenBy.set(request, (on = seen(request)))
    return { tool, on }
  }
  return tools.toSorted((a, b) => spans[a]!.start - spans[b]!.start).map(dependency)
}
