import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { ROLLUP_DIMS } from './codes.ts'
import type { Rollups } from './rollups.ts'

const MAX_CACHED = 20_000
const MAX_LISTED = 64

/** Statuses as stored; see TRACE_STATUSES. */
const OPEN = 0
const OK = 1
const ERROR = 2

/** A trace's row in memory. Names are `dict` numbers, times microseconds. */
export interface TraceState {
  readonly tr: number
  readonly traceId: Uint8Array
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
  /** Facets that are in the store already. */
  readonly facets: Set<number>
  isNew: boolean
  dirty: boolean
  /** What the roll-ups hold of this trace; taken back before the new values are added. */
  counted: Counted | null
}

interface Counted {
  readonly start: number
  readonly duration: number
  readonly status: number
  readonly service: number
  readonly user: number
  readonly session: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number
  readonly priced: number
  readonly unpriced: number
}

const COLUMNS = `tr, trace_id, start, end, changed, spans, errors, roots, root_errors, status, root_start, root_name, root_type,
  root_service, title, title_start, user, session, input_tokens, output_tokens, cost, priced, unpriced, agents, models, tools, services,
  error_span, error_name, error_type, error_message, error_start, recovered, last_chunk, settled_chunk`

/** The writer's side of the `traces` table: rows are changed in memory and written once a transaction. */
export interface TraceStates {
  /** The trace with this id, made when it is new. */
  get(id: Buffer): TraceState
  byNumber(tr: number): TraceState | undefined
  touch(state: TraceState): void
  /** Writes what changed and returns it. */
  flush(): TraceState[]
  clear(): void
}

type Row = Record<string, number | string | Uint8Array | null>

function list(json: unknown): number[] {
  return JSON.parse(String(json)) as number[]
}

function num(value: unknown): number {
  return Number(value)
}

function fromRow(row: Row, facets: Set<number>): TraceState {
  const nullable = (value: unknown): number | null => (value === null ? null : Number(value))
  const state: TraceState = {
    tr: num(row.tr),
    traceId: row.trace_id as Uint8Array,
    start: num(row.start),
    end: num(row.end),
    changed: num(row.changed),
    spans: num(row.spans),
    errors: num(row.errors),
    roots: num(row.roots),
    rootErrors: num(row.root_errors),
    status: num(row.status),
    rootStart: nullable(row.root_start),
    rootName: num(row.root_name),
    rootType: num(row.root_type),
    rootService: num(row.root_service),
    title: row.title as string | null,
    titleStart: nullable(row.title_start),
    user: num(row.user),
    session: num(row.session),
    inputTokens: num(row.input_tokens),
    outputTokens: num(row.output_tokens),
    cost: num(row.cost),
    priced: num(row.priced),
    unpriced: num(row.unpriced),
    agents: list(row.agents),
    models: list(row.models),
    tools: list(row.tools),
    services: list(row.services),
    errorSpan: row.error_span as Uint8Array | null,
    errorName: num(row.error_name),
    errorType: num(row.error_type),
    errorMessage: row.error_message as string | null,
    errorStart: nullable(row.error_start),
    recovered: num(row.recovered),
    lastChunk: num(row.last_chunk),
    settledChunk: num(row.settled_chunk),
    facets,
    isNew: false,
    dirty: false,
    counted: null,
  }
  state.counted = countedOf(state)
  return state
}

function newState(tr: number, traceId: Uint8Array): TraceState {
  return {
    ...{
      tr,
      traceId,
      start: Number.MAX_SAFE_INTEGER,
      end: 0,
      changed: 0,
      spans: 0,
      errors: 0,
      roots: 0,
      rootErrors: 0,
    },
    ...{
      status: OPEN,
      rootStart: null,
      rootName: 0,
      rootType: 0,
      rootService: 0,
      title: null,
      titleStart: null,
      user: 0,
    },
    ...{
      session: 0,
      inputTokens: 0,
      outputTokens: 0,
      cost: 0,
      priced: 0,
      unpriced: 0,
      agents: [],
      models: [],
      tools: [],
    },
    ...{
      services: [],
      errorSpan: null,
      errorName: 0,
      errorType: 0,
      errorMessage: null,
      errorStart: null,
      recovered: 0,
    },
    ...{ lastChunk: 0, settledChunk: 0, facets: new Set<number>(), isNew: true, dirty: false, counted: null },
  }
}

/** Adds to a list of names, once, up to a bound that no summary exceeds. */
export function addName(names: number[], name: number): void {
  if (name !== 0 && names.length < MAX_LISTED && !names.includes(name)) names.push(name)
}

/** The status by what has arrived: the roots decide; without one the trace is open. */
export function statusOf(state: TraceState): number {
  if (state.roots === 0) return OPEN
  return state.rootErrors > 0 ? ERROR : OK
}

function countedOf(s: TraceState): Counted {
  return {
    start: s.start,
    duration: s.end - s.start,
    status: s.status,
    service: s.rootService,
    user: s.user,
    session: s.session,
    inputTokens: s.inputTokens,
    outputTokens: s.outputTokens,
    cost: s.cost,
    priced: s.priced,
    unpriced: s.unpriced,
  }
}

function count(rollups: Rollups, c: Counted, sign: 1 | -1): void {
  const contribution = {
    micros: c.start,
    duration: c.duration,
    n: 1,
    errors: c.status === ERROR ? 1 : 0,
    inputTokens: c.inputTokens,
    outputTokens: c.outputTokens,
    cost: c.cost,
    priced: c.priced,
    unpriced: c.unpriced,
  }
  rollups.add(ROLLUP_DIMS.trace, 0, c.service, contribution, sign)
  if (c.user !== 0) rollups.add(ROLLUP_DIMS.user, c.user, c.service, contribution, sign)
  if (c.session !== 0) rollups.add(ROLLUP_DIMS.session, c.session, c.service, contribution, sign)
}

function store(put: StatementSync, s: TraceState): void {
  const names = [s.agents, s.models, s.tools, s.services].map((ids) => JSON.stringify(ids))
  put.run(
    ...[s.tr, s.traceId, s.start, s.end, s.changed, s.spans, s.errors, s.roots, s.rootErrors, s.status, s.rootStart],
    ...[s.rootName, s.rootType, s.rootService, s.title, s.titleStart, s.user, s.session, s.inputTokens, s.outputTokens],
    ...[s.cost, s.priced, s.unpriced, ...names, s.errorSpan, s.errorName, s.errorType, s.errorMessage, s.errorStart],
    ...[s.recovered, s.lastChunk, s.settledChunk],
  )
}

/** Opens the traces for writing. */
export function openTraceStates(db: DatabaseSync, rollups: Rollups): TraceStates {
  const findById = db.prepare(`SELECT ${COLUMNS} FROM traces WHERE trace_id = ?`)
  const findByNumber = db.prepare(`SELECT ${COLUMNS} FROM traces WHERE tr = ?`)
  const findFacets = db.prepare('SELECT dim, key FROM trace_facets WHERE tr = ?')
  const put = db.prepare(`INSERT OR REPLACE INTO traces(${COLUMNS}) VALUES(${COLUMNS.replace(/\w+/g, '?')})`)
  const last = db.prepare('SELECT max(tr) AS n FROM traces')
  let next = Number(last.get()?.n ?? 0) + 1
  const byId = new Map<string, TraceState>()
  const byTr = new Map<number, TraceState>()
  let dirty: TraceState[] = []

  const keep = (key: string, state: TraceState): TraceState => {
    byId.set(key, state)
    byTr.set(state.tr, state)
    return state
  }
  const load = (row: Row): TraceState => {
    const facets = new Set(findFacets.all(num(row.tr)).map((f) => facetKey(num(f.dim), num(f.key))))
    return keep(Buffer.from(row.trace_id as Uint8Array).toString('latin1'), fromRow(row, facets))
  }
  return {
    get(id) {
      const key = id.toString('latin1')
      const cached = byId.get(key)
      if (cached !== undefined) return cached
      const row = findById.get(id) as Row | undefined
      return row === undefined ? keep(key, newState(next++, Uint8Array.from(id))) : load(row)
    },
    byNumber(tr) {
      const cached = byTr.get(tr)
      if (cached !== undefined) return cached
      const row = findByNumber.get(tr) as Row | undefined
      return row === undefined ? undefined : load(row)
    },
    touch(state) {
      if (state.dirty) return
      state.dirty = true
      dirty.push(state)
    },
    flush() {
      const flushed = dirty
      dirty = []
      for (const state of flushed) {
        state.dirty = false
        state.isNew = false
        store(put, state)
        if (state.counted !== null) count(rollups, state.counted, -1)
        state.counted = countedOf(state)
        count(rollups, state.counted, 1)
      }
      if (byTr.size > MAX_CACHED) evict(byId, byTr)
      return flushed
    },
    clear() {
      byId.clear()
      byTr.clear()
      dirty = []
      next = Number(last.get()?.n ?? 0) + 1
    },
  }
}

/** One number for a facet of a trace. */
export function facetKey(dim: number, key: number): number {
  return key * 16 + dim
}

function evict(byId: Map<string, TraceState>, byTr: Map<number, TraceState>): void {
  for (const [key, state] of byId) {
    byId.delete(key)
    byTr.delete(state.tr)
    if (byTr.size <= MAX_CACHED / 2) return
  }
}
