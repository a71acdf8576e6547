import type { FacetName, SpanType, TraceStatus } from '../api/contract.ts'

/** Numbers in the store for the types of spans. Only ever append. */
export const SPAN_TYPES: readonly SpanType[] = [
  'other',
  'workflow',
  'agent',
  'model',
  'embeddings',
  'tool',
  'retrieval',
  'memory',
  'plan',
  'handoff',
  'guardrail',
  'decision',
  'task',
  'message',
  'event',
  'worker',
  'security',
  'response',
]

/** The number of each type. */
export const TYPE_CODES: Readonly<Record<SpanType, number>> = Object.fromEntries(
  SPAN_TYPES.map((type, code) => [type, code]),
) as Record<SpanType, number>

/** Numbers in the store for a trace's status. */
export const TRACE_STATUSES: readonly TraceStatus[] = ['open', 'ok', 'error']

/** Dimensions of `trace_facets`. Status is a column of the trace, not a facet row. */
export const FACET_DIMS: Readonly<Record<Exclude<FacetName, 'status'>, number>> = {
  agent: 1,
  model: 2,
  tool: 3,
  user: 4,
  session: 5,
  service: 6,
  error: 7,
}

/** Dimensions of `rollups`. The key of model is the `dict` number of "provider NUL model", of edge "from NUL kind NUL to". */
export const ROLLUP_DIMS = {
  all: 1,
  type: 2,
  agent: 3,
  model: 4,
  tool: 5,
  error: 6,
  edge: 7,
  trace: 8,
  user: 9,
  session: 10,
  task: 11,
  workflow: 12,
} as const

/** Kinds of rows of `work`. */
export const WORK_DIMS = { event: 1, worker: 2 } as const

/** Length of a bucket of each tier of roll-ups, microseconds. */
export const TIERS: readonly number[] = [60e6, 900e6, 3600e6]

/** Edges are many and each is rare: a row a minute for each would be half the store. Their finest tier is 15 minutes. */
export function firstTierOf(dim: number): number {
  return dim === ROLLUP_DIMS.edge ? 1 : 0
}

/** Bits of `spans.flags`. */
export const FLAG_UNPRICED = 1
export const FLAG_CONTENT = 2
export const FLAG_PRICED_HERE = 4
export const FLAG_FOREIGN = 8

/** Separates the parts of a roll-up's key. */
export const NUL = '\u0000'
