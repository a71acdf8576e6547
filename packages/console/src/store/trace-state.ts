/** Statuses as stored; see TRACE_STATUSES. */
export const STATUS_OPEN = 0
export const STATUS_OK = 1
export const STATUS_ERROR = 2

const MAX_LISTED = 64

/** The stored columns of a trace. Names are `dict` numbers, times microseconds. */
export interface TraceColumns {
  tr: number
  traceId: Uint8Array
  start: number
  end: number
  /** Milliseconds since the epoch. */
  changed: number
  spans: number
  errors: number
  roots: number
  rootErrors: number
  status: number
  rootStart: number | null
  rootName: number
  rootType: number
  rootService: number
  title: string | null
  titleStart: number | null
  user: number
  session: number
  inputTokens: number
  outputTokens: number
  cost: number
  priced: number
  unpriced: number
  agents: number[]
  models: number[]
  tools: number[]
  services: number[]
  errorSpan: Uint8Array | null
  errorName: number
  errorType: number
  errorMessage: string | null
  errorStart: number | null
  recovered: number
  lastChunk: number
  settledChunk: number
}

/** What the roll-ups hold of a trace; taken back before the new values are added. */
export type Counted = Readonly<
  Pick<
    TraceColumns,
    | 'start'
    | 'end'
    | 'status'
    | 'rootService'
    | 'user'
    | 'session'
    | 'inputTokens'
    | 'outputTokens'
    | 'cost'
    | 'priced'
    | 'unpriced'
  >
>

/** A trace in memory. */
export interface TraceState extends TraceColumns {
  /** Facets that are in the store already; see facetKey. */
  readonly facets: Set<number>
  dirty: boolean
  counted: Counted | null
}

/** Values of a trace before its first span. */
const EMPTY: Omit<TraceColumns, 'tr' | 'traceId' | 'agents' | 'models' | 'tools' | 'services'> = {
  start: Number.MAX_SAFE_INTEGER,
  end: 0,
  changed: 0,
  spans: 0,
  errors: 0,
  roots: 0,
  rootErrors: 0,
  status: STATUS_OPEN,
  rootStart: null,
  rootName: 0,
  rootType: 0,
  rootService: 0,
  title: null,
  titleStart: null,
  user: 0,
  session: 0,
  inputTokens: 0,
  outputTokens: 0,
  cost: 0,
  priced: 0,
  unpriced: 0,
  errorSpan: null,
  errorName: 0,
  errorType: 0,
  errorMessage: null,
  errorStart: null,
  recovered: 0,
  lastChunk: 0,
  settledChunk: 0,
}

/** A trace that the store does not have yet. */
export function newTraceState(tr: number, traceId: Uint8Array): TraceState {
  const lists = { agents: [], models: [], tools: [], services: [] }
  return { tr, traceId, ...EMPTY, ...lists, facets: new Set(), dirty: false, counted: null }
}

const LISTS: ReadonlySet<string> = new Set(['agents', 'models', 'tools', 'services'])
const FIELDS = ['tr', 'traceId', ...Object.keys(EMPTY), ...LISTS] as (keyof TraceColumns)[]

function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Names of the columns, in the order of {@link traceValues}. */
export const TRACE_COLUMNS: readonly string[] = FIELDS.map(columnOf)

/** A state's values as columns. */
export function traceValues(state: TraceState): (number | string | Uint8Array | null)[] {
  return FIELDS.map((field) => {
    const value = state[field]
    return Array.isArray(value) ? JSON.stringify(value) : value
  })
}

/** A state from columns in the order of {@link TRACE_COLUMNS}. */
export function traceFromRow(row: readonly (number | string | Uint8Array | null)[], facets: Set<number>): TraceState {
  const values = FIELDS.map((field, i) => [field, LISTS.has(field) ? JSON.parse(String(row[i])) : row[i]] as const)
  const columns = Object.fromEntries(values) as unknown as TraceColumns
  return { ...columns, facets, dirty: false, counted: countedOf(columns) }
}

/** The part of a trace that goes into the roll-ups. */
export function countedOf(trace: TraceColumns): Counted {
  const { start, end, status, rootService, user, session, inputTokens, outputTokens, cost, priced, unpriced } = trace
  return { start, end, status, rootService, user, session, inputTokens, outputTokens, cost, priced, unpriced }
}

/** Adds to a list of names, once, up to a bound that no summary exceeds. */
export function addName(names: number[], name: number): void {
  if (name !== 0 && names.length < MAX_LISTED && !names.includes(name)) names.push(name)
}

/** The status by what has arrived: the roots decide; without one the trace is open. */
export function statusOf(state: TraceColumns): number {
  if (state.roots === 0) return STATUS_OPEN
  return state.rootErrors > 0 ? STATUS_ERROR : STATUS_OK
}

/** One number for a facet of a trace. */
export function facetKey(dim: number, key: number): number {
  return key * 16 + dim
}
