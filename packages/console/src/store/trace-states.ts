import type { DatabaseSync } from 'node:sqlite'
import { ROLLUP_DIMS } from './codes.ts'
import type { Rollups } from './rollups.ts'
import {
  type Counted,
  countedOf,
  facetKey,
  newTraceState,
  STATUS_ERROR,
  TRACE_COLUMNS,
  traceFromRow,
  type TraceState,
  traceValues,
} from './trace-state.ts'

const MAX_CACHED = 4000

/** The writer's side of the `traces` table: rows are changed in memory and written once a transaction. */
export interface TraceStates {
  /** The trace whose id has these bytes, as a string of latin1; made when it is new. */
  get(key: string): TraceState
  byNumber(tr: number): TraceState | undefined
  touch(state: TraceState): void
  /** Writes what changed and returns it. */
  flush(): TraceState[]
  clear(): void
}

type Row = readonly (number | string | Uint8Array | null)[]

function count(rollups: Rollups, c: Counted, sign: 1 | -1): void {
  const contribution = {
    micros: c.start,
    duration: c.end - c.start,
    n: 1,
    errors: c.status === STATUS_ERROR ? 1 : 0,
    inputTokens: c.inputTokens,
    outputTokens: c.outputTokens,
    cost: c.cost,
    priced: c.priced,
    unpriced: c.unpriced,
  }
  rollups.add(ROLLUP_DIMS.trace, 0, c.rootService, contribution, sign)
  if (c.user !== 0) rollups.add(ROLLUP_DIMS.user, c.user, c.rootService, contribution, sign)
  if (c.session !== 0) rollups.add(ROLLUP_DIMS.session, c.session, c.rootService, contribution, sign)
}

/** Opens the traces for writing. */
export function openTraceStates(db: DatabaseSync, rollups: Rollups): TraceStates {
  const columns = TRACE_COLUMNS.join(', ')
  const findById = db.prepare(`SELECT ${columns} FROM traces WHERE trace_id = ?`)
  const findByNumber = db.prepare(`SELECT ${columns} FROM traces WHERE tr = ?`)
  for (const statement of [findById, findByNumber]) statement.setReturnArrays(true)
  const findFacets = db.prepare('SELECT dim, key FROM trace_facets WHERE tr = ?')
  const changed = TRACE_COLUMNS.slice(2).map((column) => `${column} = excluded.${column}`)
  const put = db.prepare(`INSERT INTO traces(${columns}) VALUES(${TRACE_COLUMNS.map(() => '?').join(', ')})
    ON CONFLICT(tr) DO UPDATE SET ${changed.join(', ')}`)
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
    const facets = new Set(findFacets.all(Number(row[0])).map((f) => facetKey(Number(f.dim), Number(f.key))))
    return keep(Buffer.from(row[1] as Uint8Array).toString('latin1'), traceFromRow(row, facets))
  }
  return {
    get(key) {
      const cached = byId.get(key)
      if (cached !== undefined) return cached
      const id = Buffer.from(key, 'latin1')
      const row = findById.get(id) as unknown as Row | undefined
      return row === undefined ? keep(key, newTraceState(next++, Uint8Array.from(id))) : load(row)
    },
    byNumber(tr) {
      const cached = byTr.get(tr)
      if (cached !== undefined) return cached
      const row = findByNumber.get(tr) as unknown as Row | undefined
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
        put.run(...traceValues(state))
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

function evict(byId: Map<string, TraceState>, byTr: Map<number, TraceState>): void {
  for (const [key, state] of byId) {
    byId.delete(key)
    byTr.delete(state.tr)
    if (byTr.size <= MAX_CACHED / 2) return
  }
}
