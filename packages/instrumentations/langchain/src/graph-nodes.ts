import type { Metadata } from './events.ts'
import type { Run } from './open-runs.ts'

/** Where a node is in its graph. */
export interface GraphNode {
  /** Its name, after those of the nodes whose sub-graph it is in: `research/search`. The same in every run. */
  readonly id: string
  /** The node whose sub-graph it is in. */
  readonly around: readonly string[]
}

/** The node that LangGraph's metadata tell of: its checkpoint's namespace is `research:{uuid}|search:{uuid}`. */
export function nodeOf({ langgraph_checkpoint_ns: namespace, langgraph_node: name }: Metadata): GraphNode {
  const names = typeof namespace === 'string' ? namespace.split('|').map((part) => part.split(':')[0]!) : [String(name)]
  const around = names.slice(0, -1).join('/')
  return { id: names.join('/'), around: around === '' ? [] : [around] }
}

interface Steps {
  step: number
  now: string[]
  before: readonly string[]
}

/** The steps of the graphs that are under way. */
const stepsOf = new WeakMap<Run, Steps>()

/** The nodes that ran in the step before; `undefined` for those with which a graph begins. */
export function rememberStep(graph: Run | undefined, id: string, step: number): readonly string[] | undefined {
  if (graph === undefined) return undefined
  let steps = stepsOf.get(graph)
  if (steps === undefined) stepsOf.set(graph, (steps = { step, now: [], before: [] }))
  if (steps.step !== step) Object.assign(steps, { step, now: [], before: steps.now })
  // Several tasks of one node are one node.
  if (!steps.now.includes(id)) steps.now.push(id)
  return steps.before.length === 0 ? undefined : steps.before
}
