import { findFailure, type Failure } from './failure.ts'
import type { SpanTree, TreeSpan } from './span-tree.ts'

/** What an explanation needs of a span. */
export interface Step extends TreeSpan {
  readonly name: string
  /** `agent` and `tool` are told apart, all else is not. */
  readonly type: string
}

/** One try of a step before the one that ended it. */
export interface Attempt {
  /** Index of the span. */
  readonly span: number
  /** From its end to the start of the next try, in the unit of the spans; never below 0. */
  readonly wait: number
}

/** What led to a failure. Indexes into the input. */
export interface Explanation extends Failure {
  /** The agents above the origin, the outermost first, then the origin; empty without one. */
  readonly path: readonly number[]
  /** Tries of the same step (same name, same parent) that failed before the origin, the first one first. */
  readonly attempts: readonly Attempt[]
  /** Tool calls that had begun when the origin ended, in order of their start, the origin included. */
  readonly toolCalls: readonly number[]
}

const ERROR = 2
const endOf = ({ start, duration }: TreeSpan): number => start + duration

function pathTo(spans: readonly Step[], { parent }: SpanTree, origin: number): number[] {
  const path = [origin]
  for (let at = parent[origin]!; at !== -1; at = parent[at]!) if (spans[at]!.type === 'agent') path.unshift(at)
  return path
}

/** Goes back from the origin as long as the step before it is the same one and failed. */
function attemptsBefore(spans: readonly Step[], { parent, order }: SpanTree, origin: number): Attempt[] {
  const last = spans[origin]!
  const before = order
    .filter((i) => i !== origin && parent[i] === parent[origin] && endOf(spans[i]!) <= last.start)
    .filter((i) => spans[i]!.name === last.name)
    .toSorted((a, b) => spans[b]!.start - spans[a]!.start)
  const attempts: Attempt[] = []
  let next = last
  for (const span of before) {
    if (spans[span]!.status !== ERROR) break
    attempts.unshift({ span, wait: Math.max(0, next.start - endOf(spans[span]!)) })
    next = spans[span]!
  }
  return attempts
}

/**
 * Says what led to the failure of a trace: where it began and below which agents, the tries before it with their waits,
 * and which tools had been called. Of a trace without an error all lists are empty.
 *
 * @example
 * const tree = buildSpanTree(steps)
 * const { path, attempts } = explainFailure(steps, tree)
 */
export function explainFailure(spans: readonly Step[], tree: SpanTree): Explanation {
  const failure = findFailure(spans, tree)
  const { origin } = failure
  if (origin === -1) return { ...failure, path: [], attempts: [], toolCalls: [] }
  const until = endOf(spans[origin]!)
  return {
    ...failure,
    path: pathTo(spans, tree, origin),
    attempts: attemptsBefore(spans, tree, origin),
    toolCalls: tree.order
      .filter((i) => spans[i]!.type === 'tool' && (i === origin || spans[i]!.start < until))
      .toSorted((a, b) => spans[a]!.start - spans[b]!.start),
  }
}
