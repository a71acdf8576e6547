import {
  type ActingSpan,
  buildSpanTree,
  effectiveAgents,
  type Failure,
  findFailure,
  findInteractions,
  type SpanTree,
  type TreeSpan,
} from '@agentel/analysis'
import type { DatabaseSync } from 'node:sqlite'
import { errorMessage } from '../otlp/error-message.ts'
import { decodeMessage } from '../otlp/decode.ts'
import { SPAN } from '../otlp/messages.ts'
import { readChunk } from './chunk.ts'
import { NUL, ROLLUP_DIMS, SPAN_TYPES } from './codes.ts'
import { type Dictionary, openDictionaryReader } from './dictionary.ts'
import type { Rollups } from './rollups.ts'
import { addName, type TraceState } from './trace-state.ts'
import type { TraceStates } from './trace-states.ts'

/** A trace is settled when nothing has come for so long. */
const QUIET_MS = 1500
/** Without a root after so long, what has arrived decides. */
const ROOTLESS_MS = 60_000
const MAX_SETTLED_AT_ONCE = 40

/** Of a trace without an error. */
const NO_FAILURE: Pick<Failure, 'failed' | 'origin' | 'recovered'> = { failed: false, origin: -1, recovered: [] }

/** Looks at whole traces once they are quiet: agents inherited, failure found, interactions counted. */
export interface Settler {
  /** Inside a transaction: settles what is due; true when more is. */
  settleDue(now: number): boolean
  watch(tr: number, changed: number): void
  clear(): void
}

interface StoredSpan extends TreeSpan, ActingSpan {
  readonly chunk: number
  readonly idx: number
  readonly service: number
  readonly ownAgent: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number | null
  readonly unpriced: number
  readonly name: number
  readonly errorTypeId: number
}

/** A row of `SELECT` below. */
type Row = readonly [
  spanId: string,
  parent: string,
  chunk: number,
  idx: number,
  name: number,
  type: number,
  kind: number,
  service: number,
  start: number,
  duration: number,
  status: number,
  agent: number,
  model: number,
  tool: number,
  errorType: number,
  inputTokens: number | null,
  outputTokens: number | null,
  cost: number | null,
  target: number,
  flags: number,
]

const SELECT = `SELECT hex(span_id), hex(parent), chunk, idx, name, type, kind, service, start, duration, status, agent, model, tool,
  error_type, input_tokens, output_tokens, cost, target, flags FROM spans WHERE tr = ?`

function storedSpan(row: Row, text: (id: number) => string): StoredSpan {
  return {
    id: row[0],
    parent: row[1],
    chunk: row[2],
    idx: row[3],
    name: row[4],
    type: SPAN_TYPES[row[5]] ?? 'other',
    kind: row[6],
    service: row[7],
    start: row[8],
    duration: row[9],
    status: row[10],
    ownAgent: row[11],
    agent: text(row[11]),
    model: text(row[12]),
    tool: text(row[13]),
    errorType: text(row[14]),
    errorTypeId: row[14],
    inputTokens: row[15] ?? 0,
    outputTokens: row[16] ?? 0,
    cost: row[17],
    target: text(row[18]),
    unpriced: row[19] & 1,
  }
}

/** Opens the settler; `unsettled` traces of an earlier run are taken up again. */
export function openSettler(db: DatabaseSync, dictionary: Dictionary, rollups: Rollups, traces: TraceStates): Settler {
  const text = openDictionaryReader(db)
  const read = db.prepare(SELECT)
  read.setReturnArrays(true)
  const messageOf = openMessageReader(db)
  const setAgent = db.prepare('UPDATE spans SET agent = ? WHERE tr = ? AND span_id = ?')
  const unsettled = db.prepare('SELECT tr, changed FROM traces WHERE settled_chunk < last_chunk OR status = 0')
  const due = new Map<number, number>()
  /** Traces that we failed at: they stay as they are, so that the others go on. */
  const givenUp = new Set<number>()
  const takeUp = (): void => {
    due.clear()
    for (const row of unsettled.all()) if (!givenUp.has(Number(row.tr))) due.set(Number(row.tr), Number(row.changed))
  }
  takeUp()

  const addMissingAgents = (state: TraceState, spans: readonly StoredSpan[], agents: readonly string[]): void => {
    spans.forEach((span, i) => {
      if (span.ownAgent !== 0 || agents[i] === '') return
      const agent = dictionary.id(agents[i]!)
      setAgent.run(agent, state.tr, Buffer.from(span.id, 'hex'))
      if (span.cost === null && span.unpriced === 0 && span.inputTokens + span.outputTokens === 0) return
      rollups.add(ROLLUP_DIMS.agent, agent, span.service, { ...contributionOf(span), n: 0, errors: 0, duration: -1 })
    })
  }

  /**
   * What the calls below a task (a workflow) cost is told of the nearest one, so that their sums add up to no more than the
   * total.
   */
  const addCostsOf = (
    type: 'task' | 'workflow',
    state: TraceState,
    spans: readonly StoredSpan[],
    tree: SpanTree,
  ): void => {
    if (!spans.some((span) => span.type === type)) return
    spans.forEach((span, i) => {
      if (span.cost === null && span.unpriced === 0) return
      let newest = span.chunk
      let at = tree.parent[i]!
      for (; at !== -1; at = tree.parent[at]!) {
        newest = Math.max(newest, spans[at]!.chunk)
        if (spans[at]!.type === type) break
      }
      const name = spans[at]?.target ?? ''
      // Parents come after their children. What lay between call and task at an earlier look was counted then.
      if (name !== '' && newest > state.settledChunk)
        rollups.add(ROLLUP_DIMS[type], dictionary.id(name), span.service, contributionOf(span))
    })
  }

  const settle = (state: TraceState, now: number): void => {
    const spans = (read.all(state.tr) as unknown as Row[]).map((row) => storedSpan(row, text))
    const tree = buildSpanTree(spans)
    const agents = effectiveAgents(spans, tree)
    addMissingAgents(state, spans, agents)
    for (const { span, from, kind, to } of findInteractions(spans, tree, agents)) {
      const at = spans[span]!
      if (at.chunk <= state.settledChunk) continue
      rollups.add(ROLLUP_DIMS.edge, dictionary.id(`${from}${NUL}${kind}${NUL}${to}`), at.service, contributionOf(at))
    }
    addCostsOf('task', state, spans, tree)
    addCostsOf('workflow', state, spans, tree)
    const failure = state.errors === 0 ? NO_FAILURE : findFailure(spans, tree)
    state.recovered = failure.recovered.length
    if (failure.origin !== -1) setFailure(state, spans[failure.origin]!, messageOf)
    state.agents = []
    for (const i of tree.order.toSorted((a, b) => spans[a]!.start - spans[b]!.start)) {
      addName(state.agents, dictionary.id(agents[i]!))
    }
    if (state.roots === 0 && now - state.changed >= ROOTLESS_MS) state.status = failure.failed ? 2 : 1
    state.settledChunk = state.lastChunk
    traces.touch(state)
  }

  return {
    watch: (tr, changed) => {
      due.delete(tr)
      due.set(tr, changed)
    },
    clear: takeUp,
    settleDue(now) {
      let settled = 0
      for (const [tr, changed] of due) {
        if (now - changed < QUIET_MS) return false
        if (settled++ >= MAX_SETTLED_AT_ONCE) return true
        const state = traces.byNumber(tr)
        due.delete(tr)
        if (state === undefined) continue
        const abandoned = state.status === 0 && now - state.changed >= ROOTLESS_MS
        if (state.settledChunk < state.lastChunk || abandoned) {
          try {
            settle(state, now)
          } catch (error) {
            if ((error as { errcode?: number }).errcode === undefined) givenUp.add(tr)
            throw error
          }
        }
        if (state.status === 0) due.set(tr, now)
      }
      return false
    },
  }
}

function contributionOf(span: StoredSpan) {
  return {
    micros: span.start,
    duration: span.duration,
    n: 1,
    errors: span.status === 2 ? 1 : 0,
    inputTokens: span.inputTokens,
    outputTokens: span.outputTokens,
    cost: span.cost ?? 0,
    priced: span.cost === null ? 0 : 1,
    unpriced: span.unpriced,
  }
}

function setFailure(state: TraceState, span: StoredSpan, messageOf: (span: StoredSpan) => string | null): void {
  const spanId = Buffer.from(span.id, 'hex')
  if (state.errorMessage !== null && state.errorSpan !== null && Buffer.compare(state.errorSpan, spanId) === 0) return
  state.errorSpan = spanId
  state.errorName = span.name
  state.errorType = span.errorTypeId
  state.errorMessage = messageOf(span)
  state.errorStart = span.start
}

/** The narrow rows do not hold messages: reads the span itself. The status's message, else that of its last exception event. */
function openMessageReader(db: DatabaseSync): (span: StoredSpan) => string | null {
  const chunk = db.prepare('SELECT data FROM chunks WHERE id = ?')
  return (span) => {
    const data = chunk.get(span.chunk)?.data
    if (!(data instanceof Uint8Array)) return null
    const entry = readChunk(data)[span.idx]
    return entry === undefined ? null : errorMessage(decodeMessage(SPAN, entry.bytes))
  }
}
