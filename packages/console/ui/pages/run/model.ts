/** A run as the page walks through it: rows of a skeleton, which of them are folded, and which are therefore in sight. */
import type { SpanType, TraceSkeleton } from '../../../src/api/contract.ts'

/** A line of the waterfall: a span, or a fold of siblings of one name. */
export type Line =
  | { readonly kind: 'span'; readonly row: number; readonly depth: number }
  | {
      readonly kind: 'fold'
      readonly key: string
      readonly parent: number
      readonly rows: readonly number[]
      readonly depth: number
    }

/** One span's columns, read from the dictionaries. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly type: SpanType
  readonly agent: string | null
  readonly model: string | null
  readonly tool: string | null
  readonly service: string | null
  readonly start: number
  readonly duration: number
  readonly failed: boolean
  readonly recovered: boolean
  readonly errorType: string | null
  readonly parent: number
  readonly depth: number
  readonly descendants: number
}

/** Sums of a span and everything below it; null when nothing below it is known. */
export interface BranchSums {
  readonly tokens: readonly (number | null)[]
  readonly cost: readonly (number | null)[]
  readonly unpriced: readonly number[]
}

/** A skeleton with what the page derives of it once. */
export interface Run {
  readonly skeleton: TraceSkeleton
  readonly size: number
  /** Milliseconds from the first start to the last end. */
  readonly length: number
  row(index: number): Row
  readonly children: readonly (readonly number[])[]
  readonly roots: readonly number[]
  readonly sums: BranchSums
  readonly failures: readonly number[]
  readonly recovered: ReadonlySet<number>
  readonly critical: ReadonlySet<number>
  readonly odd: ReadonlyMap<number, string>
  /** Rows of the calls of tools whose results the model had newly seen when it asked for this one. */
  askedAfter(row: number): readonly number[]
}

/** More siblings of one name than this arrive folded. */
const FOLD_AT = 40

/** Derives a run; linear in its spans. */
export function readRun(skeleton: TraceSkeleton): Run {
  const { spans, dictionaries: words, marks } = skeleton
  const size = spans.id.length
  const children: number[][] = Array.from({ length: size }, () => [])
  const roots: number[] = []
  for (let row = 0; row < size; row++) (spans.parent[row]! < 0 ? roots : children[spans.parent[row]!]!).push(row)
  const recovered = new Set(marks.recovered)
  const failures: number[] = []
  let length = skeleton.trace.duration
  for (let row = 0; row < size; row++) {
    if (spans.status[row] === 2) failures.push(row)
    length = Math.max(length, spans.start[row]! + spans.duration[row]!)
  }
  const row = (index: number): Row => ({
    id: spans.id[index]!,
    name: words.names[spans.name[index]!] ?? '',
    type: words.types[spans.type[index]!] ?? 'other',
    agent: words.agents[spans.agent[index]!] ?? null,
    model: words.models[spans.model[index]!] ?? null,
    tool: words.tools[spans.tool[index]!] ?? null,
    service: words.services[spans.service[index]!] ?? null,
    start: spans.start[index]!,
    duration: spans.duration[index]!,
    failed: spans.status[index] === 2,
    recovered: recovered.has(index),
    errorType: words.errorTypes[spans.errorType[index]!] ?? null,
    parent: spans.parent[index]!,
    depth: spans.depth[index]!,
    descendants: spans.descendants[index]!,
  })
  return {
    skeleton,
    size,
    length: Math.max(length, 0.001),
    row,
    children,
    roots,
    sums: sumBranches(skeleton),
    failures,
    recovered,
    critical: new Set(marks.criticalPath),
    odd: oddRows(marks),
    askedAfter: (index) => skeleton.toolDependencies.find(({ rows }) => rows.includes(index))?.on ?? [],
  }
}

function oddRows(marks: TraceSkeleton['marks']): Map<number, string> {
  const odd = new Map<number, string>()
  for (const row of marks.skewed)
    odd.set(row, 'starts before its parent or ends long after it: the clocks of two machines differ')
  for (const row of marks.missingParent) odd.set(row, 'its parent has not arrived')
  for (const row of marks.cycle) odd.set(row, 'was its own ancestor: the cycle was cut here')
  return odd
}

/** Parents come before their children, so one pass from the end adds each row to its parent. */
function sumBranches({ spans }: TraceSkeleton): BranchSums {
  const size = spans.id.length
  const tokens: (number | null)[] = []
  const cost = spans.cost.slice()
  const unpriced: number[] = spans.unpriced.slice()
  for (let row = 0; row < size; row++) {
    const input = spans.inputTokens[row] ?? null
    const output = spans.outputTokens[row] ?? null
    tokens.push(input === null && output === null ? null : (input ?? 0) + (output ?? 0))
  }
  for (let row = size - 1; row >= 0; row--) {
    const parent = spans.parent[row]!
    if (parent < 0) continue
    if (tokens[row] !== null) tokens[parent] = (tokens[parent] ?? 0) + tokens[row]!
    if (cost[row] !== null && cost[row] !== undefined) cost[parent] = (cost[parent] ?? 0) + cost[row]!
    unpriced[parent]! += unpriced[row]!
  }
  return { tokens, cost, unpriced }
}

/** Rows that a filter leaves: the matches and what leads to them. Null filters nothing. */
export function matching(run: Run, words: string): ReadonlySet<number> | null {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return null
  const kept = new Set<number>()
  for (let index = 0; index < run.size; index++) {
    const row = run.row(index)
    const text = `${row.name} ${row.agent ?? ''} ${row.model ?? ''} ${row.tool ?? ''} ${row.errorType ?? ''} ${row.type} ${row.id}`
    if (!text.toLowerCase().includes(wanted)) continue
    for (let at = index; at >= 0 && !kept.has(at); at = run.skeleton.spans.parent[at]!) kept.add(at)
  }
  return kept
}

/** What is folded: rows whose children are hidden, and folds of siblings that were opened. */
export interface Folding {
  readonly closed: ReadonlySet<number>
  readonly opened: ReadonlySet<string>
}

/** The lines in sight, top to bottom. */
export function linesOf(run: Run, folding: Folding, kept: ReadonlySet<number> | null): readonly Line[] {
  const lines: Line[] = []
  const stack: Line[] = []
  const push = (parent: number, rows: readonly number[], depth: number) => {
    const level = levelOf(run, parent, kept ? rows.filter((row) => kept.has(row)) : rows, depth)
    for (let i = level.length - 1; i >= 0; i--) stack.push(level[i]!)
  }
  push(-1, run.roots, 0)
  for (let line = stack.pop(); line; line = stack.pop()) {
    lines.push(line)
    if (line.kind === 'span') {
      if (!folding.closed.has(line.row)) push(line.row, run.children[line.row]!, line.depth + 1)
    } else if (folding.opened.has(line.key)) {
      for (let i = line.rows.length - 1; i >= 0; i--)
        stack.push({ kind: 'span', row: line.rows[i]!, depth: line.depth + 1 })
    }
  }
  return lines
}

/** A failure that nothing made good is never hidden in a fold. */
const foldable = (run: Run, row: number): boolean => run.skeleton.spans.status[row] !== 2 || run.recovered.has(row)

/** Siblings of one name become one fold when they are many; failures that nothing made good stay out of it. */
function levelOf(run: Run, parent: number, rows: readonly number[], depth: number): Line[] {
  const level: Line[] = []
  const folds = new Map<number, number[]>()
  if (rows.length > FOLD_AT) {
    const counts = new Map<number, number>()
    for (const row of rows)
      counts.set(run.skeleton.spans.name[row]!, (counts.get(run.skeleton.spans.name[row]!) ?? 0) + 1)
    for (const [name, times] of counts) if (times > FOLD_AT) folds.set(name, [])
  }
  for (const row of rows) {
    const name = run.skeleton.spans.name[row]!
    const fold = foldable(run, row) ? folds.get(name) : undefined
    if (!fold) level.push({ kind: 'span', row, depth })
    else {
      if (fold.length === 0) level.push({ kind: 'fold', key: `${parent}/${name}`, parent, rows: fold, depth })
      fold.push(row)
    }
  }
  return level
}

/** Folds that must be opened, and rows that must not be closed, for a row to be in sight. */
export function unfoldTo(run: Run, folding: Folding, row: number): Folding {
  const closed = new Set(folding.closed)
  const opened = new Set(folding.opened)
  for (let at = row; at >= 0; at = run.skeleton.spans.parent[at]!) {
    const parent = run.skeleton.spans.parent[at]!
    closed.delete(parent)
    if (foldable(run, at)) opened.add(`${parent}/${run.skeleton.spans.name[at]!}`)
  }
  return { closed, opened }
}
