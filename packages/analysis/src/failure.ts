import type { SpanTree, TreeSpan } from './span-tree.ts'

/** Why a trace failed. Indexes into the input; -1 is "none". */
export interface Failure {
  /** Whether an error reached a root. */
  readonly failed: boolean
  /** Where the error began: from the failed root down through failed children to the last one. Without a failed root, the first error. */
  readonly origin: number
  /** The step without children of its own that succeeded last before the origin ended. */
  readonly lastSuccess: number
  /** Errors that their parents survived: a saved retry, for instance. */
  readonly recovered: readonly number[]
}

const ERROR = 2

function childrenOf(tree: SpanTree): number[][] {
  const children: number[][] = []
  for (const i of tree.order) {
    const up = tree.parent[i]!
    if (up !== -1) (children[up] ??= []).push(i)
  }
  return children
}

/** Of several failed children the one that ended last is what the parent did not survive. */
function originBelow(spans: readonly TreeSpan[], children: readonly number[][], root: number): number {
  let at = root
  for (;;) {
    const failed = (children[at] ?? []).filter((i) => spans[i]!.status === ERROR)
    if (failed.length === 0) return at
    at = failed.reduce((a, b) => (endOf(spans[b]!) >= endOf(spans[a]!) ? b : a))
  }
}

function endOf(span: TreeSpan): number {
  return span.start + span.duration
}

/** Finds where a trace failed and what had worked until then. */
export function findFailure(spans: readonly TreeSpan[], tree: SpanTree): Failure {
  const children = childrenOf(tree)
  const failedRoot = tree.order.find((i) => tree.parent[i] === -1 && spans[i]!.status === ERROR)
  const recovered = tree.order.filter((i) => {
    const up = tree.parent[i]!
    return spans[i]!.status === ERROR && up !== -1 && spans[up]!.status !== ERROR
  })
  const firstError = tree.order.reduce(
    (first, i) => (spans[i]!.status === ERROR && (first === -1 || spans[i]!.start < spans[first]!.start) ? i : first),
    -1,
  )
  const origin = failedRoot === undefined ? firstError : originBelow(spans, children, failedRoot)
  let lastSuccess = -1
  if (origin !== -1) {
    const until = endOf(spans[origin]!)
    for (const i of tree.order) {
      if (spans[i]!.status === ERROR || children[i] !== undefined || endOf(spans[i]!) > until || i === origin) continue
      if (lastSuccess === -1 || endOf(spans[i]!) >= endOf(spans[lastSuccess]!)) lastSuccess = i
    }
  }
  return { failed: failedRoot !== undefined, origin, lastSuccess, recovered }
}
