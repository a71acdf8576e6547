/** Two runs side by side, step by step. */
import type { SpanType } from '../../../src/api/contract.ts'
import type { Run } from '../run/model.ts'

/** Steps that say what a run did; the rest is detail of these. */
const STEPS: ReadonlySet<SpanType> = new Set([
  'workflow',
  'agent',
  'model',
  'tool',
  'retrieval',
  'handoff',
  'guardrail',
  'decision',
  'plan',
  'task',
  'message',
])

/** Longest sequences that are aligned exactly; beyond, what is left is paired in order. */
const MOST = 1_500

/** A step of the one, of the other, or of both. -1 is none. */
export interface Pair {
  readonly a: number
  readonly b: number
  /** Same step, other outcome: the one failed, the other did not. */
  readonly turned: boolean
}

/** Rows of a run that are steps, in order. */
export function stepsOf(run: Run): readonly number[] {
  const rows: number[] = []
  for (let row = 0; row < run.size; row++) {
    if (STEPS.has(run.row(row).type)) rows.push(row)
  }
  return rows.length > 0 ? rows : run.skeleton.spans.id.map((_, row) => row)
}

const keyOf = (run: Run, row: number): string => {
  const { type, name, agent, tool } = run.row(row)
  // A model call is the same step whichever model answered it: a change of model is what a comparison looks for.
  return type === 'model' ? `model ${agent}` : `${type} ${tool ?? name} ${agent}`
}

/** A failure that no child of its own explains: the ancestors of a failed step did not go another way. */
const failedItself = (run: Run, row: number): boolean =>
  run.row(row).failed && !run.children[row]!.some((child) => run.row(child).failed)

/** Longest common subsequence of the two runs' steps. */
export function align(a: Run, b: Run): readonly Pair[] {
  const [rowsA, rowsB] = [stepsOf(a).slice(0, MOST), stepsOf(b).slice(0, MOST)]
  const [keysA, keysB] = [rowsA.map((row) => keyOf(a, row)), rowsB.map((row) => keyOf(b, row))]
  const width = rowsB.length + 1
  const longest = new Uint16Array((rowsA.length + 1) * width)
  for (let i = rowsA.length - 1; i >= 0; i--) {
    for (let j = rowsB.length - 1; j >= 0; j--) {
      const skip = Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
      longest[i * width + j] = keysA[i] === keysB[j] ? longest[(i + 1) * width + j + 1]! + 1 : skip
    }
  }
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < rowsA.length || j < rowsB.length) {
    if (i < rowsA.length && j < rowsB.length && keysA[i] === keysB[j]) {
      const turned = failedItself(a, rowsA[i]!) !== failedItself(b, rowsB[j]!)
      pairs.push({ a: rowsA[i++]!, b: rowsB[j++]!, turned })
    } else if (
      j >= rowsB.length ||
      (i < rowsA.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)
    ) {
      pairs.push({ a: rowsA[i++]!, b: -1, turned: false })
    } else pairs.push({ a: -1, b: rowsB[j++]!, turned: false })
  }
  return pairs
}

/** Index of the first pair that differs; -1 when the runs took the same steps with the same outcomes. */
export const firstDivergence = (pairs: readonly Pair[]): number =>
  pairs.findIndex((pair) => pair.a < 0 || pair.b < 0 || pair.turned)
