import type { SpanTree, TreeSpan } from './span-tree.ts'

/**
 * The spans that the trace's length depends on: from the end of the root backwards, always the child that ended last
 * before the point reached. Input indexes, in waterfall order.
 */
export function criticalPath(spans: readonly TreeSpan[], tree: SpanTree): number[] {
  const children: number[][] = []
  const roots: number[] = []
  for (const i of tree.order) {
    const up = tree.parent[i]!
    if (up === -1) roots.push(i)
    else (children[up] ??= []).push(i)
  }
  const endOf = (i: number): number => spans[i]!.start + spans[i]!.duration
  const longest = roots.reduce((a, b) => (a === -1 || spans[b]!.duration > spans[a]!.duration ? b : a), -1)
  if (longest === -1) return []
  const onPath = new Set<number>()
  const pending = [longest]
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    onPath.add(at)
    let reached = endOf(at)
    const latestFirst = (children[at] ?? []).toSorted((a, b) => endOf(b) - endOf(a))
    for (const child of latestFirst) {
      if (endOf(child) > reached || spans[child]!.start < spans[at]!.start) continue
      pending.push(child)
      reached = spans[child]!.start
    }
  }
  return tree.order.filter((i) => onPath.has(i))
}
