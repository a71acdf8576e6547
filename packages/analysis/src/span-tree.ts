/** What the analyses need of a span. Times in any one unit. */
export interface TreeSpan {
  readonly id: string
  /** '' or null: a root. */
  readonly parent: string | null
  readonly start: number
  readonly duration: number
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number
}

/** The shape of a trace. All arrays but `order` are indexed as the input; -1 is "none". */
export interface SpanTree {
  /** Input indexes in waterfall order: a parent before its children, siblings by start, each subtree together. */
  readonly order: readonly number[]
  readonly parent: Int32Array
  readonly depth: Int32Array
  /** Number of spans below each span. */
  readonly descendants: Int32Array
  /** Spans whose parent id is not in the trace; shown as roots. */
  readonly missingParent: readonly number[]
  /** Spans at which a cycle of parents was cut; shown as roots. */
  readonly cycle: readonly number[]
}

function resolveParents(spans: readonly TreeSpan[]): { parent: Int32Array; missingParent: number[] } {
  const index = new Map<string, number>()
  spans.forEach((span, i) => index.set(span.id, i))
  const parent = new Int32Array(spans.length).fill(-1)
  const missingParent: number[] = []
  spans.forEach((span, i) => {
    if (span.parent === null || span.parent === '') return
    const found = index.get(span.parent)
    if (found === undefined) missingParent.push(i)
    else parent[i] = found
  })
  return { parent, missingParent }
}

/** Cuts each cycle at its earliest span; afterwards every chain of parents ends at a root. */
function cutCycles(spans: readonly TreeSpan[], parent: Int32Array): number[] {
  const cut: number[] = []
  const state = new Uint8Array(spans.length) // 0 not seen, 1 on the present path, 2 done
  for (let i = 0; i < spans.length; i++) {
    const path: number[] = []
    let at = i
    while (at !== -1 && state[at] === 0) {
      state[at] = 1
      path.push(at)
      at = parent[at]!
    }
    if (at !== -1 && state[at] === 1) {
      const loop = path.slice(path.indexOf(at))
      const first = loop.reduce((a, b) => (spans[b]!.start < spans[a]!.start ? b : a))
      parent[first] = -1
      cut.push(first)
    }
    for (const done of path) state[done] = 2
  }
  return cut
}

/** Arranges the spans of a trace, whatever they are: parents may be missing, ids may repeat, parents may form cycles. */
export function buildSpanTree(spans: readonly TreeSpan[]): SpanTree {
  const { parent, missingParent } = resolveParents(spans)
  const cycle = cutCycles(spans, parent)
  const children: number[][] = []
  const roots: number[] = []
  const byStart = spans.map((_, i) => i).toSorted((a, b) => spans[a]!.start - spans[b]!.start || a - b)
  for (const i of byStart) {
    if (parent[i] === -1) roots.push(i)
    else (children[parent[i]!] ??= []).push(i)
  }
  const order: number[] = []
  const depth = new Int32Array(spans.length)
  const stack = roots.toReversed()
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    order.push(at)
    const below = children[at]
    if (below === undefined) continue
    for (let i = below.length - 1; i >= 0; i--) {
      depth[below[i]!] = depth[at]! + 1
      stack.push(below[i]!)
    }
  }
  const descendants = new Int32Array(spans.length)
  for (let i = order.length - 1; i >= 0; i--) {
    const up = parent[order[i]!]!
    if (up !== -1) descendants[up]! += descendants[order[i]!]! + 1
  }
  return { order, parent, depth, descendants, missingParent, cycle }
}
