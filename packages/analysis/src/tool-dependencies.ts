import type { ActingSpan } from './interactions.ts'
import type { SpanTree, TreeSpan } from './span-tree.ts'

/** A call of a tool, and the calls whose results the model had newly seen when it asked for it. Input indexes. */
export interface ToolDependency {
  readonly tool: number
  readonly on: readonly number[]
}

type Span = ActingSpan & TreeSpan

const end = ({ start, duration }: TreeSpan): number => start + duration

/** The agent's run or workflow that a span is in; -1: the trace itself. */
function scopeOf(spans: readonly Span[], tree: SpanTree, i: number): number {
  let at = tree.parent[i]!
  while (at !== -1 && spans[at]!.type !== 'agent' && spans[at]!.type !== 'workflow') at = tree.parent[at]!
  return at
}

/** The last model call that had ended by then. */
function lastBefore(spans: readonly Span[], models: readonly number[], time: number): number | undefined {
  return models.filter((i) => end(spans[i]!) <= time).toSorted((a, b) => end(spans[b]!) - end(spans[a]!))[0]
}

/**
 * Which call of a tool waited for the results of which others: within one run of an agent, a tool is asked for by the
 * model call before it, and that one had newly seen what was called between it and the model call before. Tools that one
 * model call asks for do not depend on each other, however long they overlap.
 *
 * @returns one entry a call of a tool, in order of their start
 */
export function toolDependencies(spans: readonly Span[], tree: SpanTree): ToolDependency[] {
  const scopes = spans.map((_, i) => scopeOf(spans, tree, i))
  const ofType = (type: string) => tree.order.filter((i) => spans[i]!.type === type)
  const [tools, models] = [ofType('tool'), ofType('model')]
  const askedBy = new Map<number, number | undefined>()
  for (const tool of tools) {
    const own = models.filter((i) => scopes[i] === scopes[tool])
    askedBy.set(tool, lastBefore(spans, own, spans[tool]!.start))
  }
  const dependency = (tool: number): ToolDependency => {
    const request = askedBy.get(tool)
    if (request === undefined) return { tool, on: [] }
    const own = models.filter((i) => scopes[i] === scopes[tool])
    const before = lastBefore(spans, own, spans[request]!.start)
    const on = tools.filter(
      (other) =>
        scopes[other] === scopes[tool] && askedBy.get(other) === before && end(spans[other]!) <= spans[request]!.start,
    )
    return { tool, on }
  }
  return tools.toSorted((a, b) => spans[a]!.start - spans[b]!.start).map(dependency)
}
