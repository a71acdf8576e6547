import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { ScannedSpan } from '../otlp/scanned-span.ts'
import { type BulkInsert, MAX_ROWS, openBulkInsert, openRowBuffer, type RowBuffer } from './bulk-insert.ts'
import { addEntry, type ChunkBuilder, closeChunk, openChunk } from './chunk.ts'
import { FACET_DIMS } from './codes.ts'
import type { Dictionary } from './dictionary.ts'
import { groupByTrace, type Placed, type ScannedBody } from './group-spans.ts'
import type { Rollups } from './rollups.ts'
import type { ScopeTable } from './scope-table.ts'
import type { TextIndex } from './text-index.ts'
import { spanQuestion } from './span-content.ts'
import { type SpanFacts, spanFacts } from './span-facts.ts'
import { addToRollups, type Names, namesOf } from './span-rollups.ts'
import { addName, facetKey, statusOf, type TraceState } from './trace-state.ts'
import type { TraceStates } from './trace-states.ts'
import { isWork, openWorkWriter, type WorkWriter } from './work-writer.ts'

/** A chunk is closed when it has grown to this, so that showing one span never unpacks much more. */
const CHUNK_BYTES = 128 * 1024

/** The tables that writing a span touches. */
export interface SpanTables {
  readonly db: DatabaseSync
  readonly dictionary: Dictionary
  readonly rollups: Rollups
  readonly scopes: ScopeTable
  readonly text: TextIndex
  readonly traces: TraceStates
}

/** Writes the spans of scanned bodies, inside the caller's transaction. */
export interface SpanWriter {
  /** What the bodies have of one trace is kept together: fewer, larger chunks. */
  write(bodies: readonly ScannedBody[]): void
  clear(): void
}

/** A span, and what the store keeps of it beside its bytes. */
interface ReadSpan extends Placed {
  readonly facts: SpanFacts
  readonly names: Names
}

interface Context extends SpanTables {
  readonly insertSpans: BulkInsert
  readonly takeOut: StatementSync
  readonly insertChunk: StatementSync
  readonly facets: RowBuffer
  readonly addWork: WorkWriter
  readonly chunk: ChunkBuilder
  nextChunk: number
}

function addFacet(c: Context, state: TraceState, dim: number, key: number): void {
  if (key === 0) return
  const id = facetKey(dim, key)
  if (state.facets.has(id)) return
  state.facets.add(id)
  c.facets.add(dim, key, state.tr)
}

function addToTrace(c: Context, state: TraceState, item: ReadSpan): void {
  const { span, service, facts, names } = item
  const body = item.body.bytes
  const { dictionary } = c
  const end = Math.max(span.startMicros, span.endMicros)
  state.start = Math.min(state.start, span.startMicros)
  state.end = Math.max(state.end, end)
  state.spans++
  state.inputTokens += facts.inputTokens ?? 0
  state.outputTokens += facts.outputTokens ?? 0
  if (facts.cost !== null) {
    state.cost += facts.cost
    state.priced++
  }
  state.unpriced += facts.flags & 1
  const { agent, model, tool } = names
  addName(state.services, service)
  addName(state.agents, agent)
  addName(state.models, model)
  addName(state.tools, tool)
  if (facts.user !== '') state.user = dictionary.id(facts.user)
  if (facts.session !== '') state.session = dictionary.id(facts.session)
  if (span.parentAt < 0) addRoot(c, state, item, facts)
  if (span.status === 2) addError(c, state, body, span, names.errorType)
  if (state.titleStart === null || span.startMicros < state.titleStart) {
    const question = spanQuestion(body, span)
    if (question !== undefined) {
      state.title = question
      state.titleStart = span.startMicros
    }
  }
  addFacet(c, state, FACET_DIMS.agent, agent)
  addFacet(c, state, FACET_DIMS.model, model)
  addFacet(c, state, FACET_DIMS.tool, tool)
  addFacet(c, state, FACET_DIMS.service, service)
  if (facts.user !== '') addFacet(c, state, FACET_DIMS.user, state.user)
  if (facts.session !== '') addFacet(c, state, FACET_DIMS.session, state.session)
}

function addRoot(c: Context, state: TraceState, item: Placed, facts: SpanFacts): void {
  state.roots++
  if (item.span.status === 2) state.rootErrors++
  if (state.rootStart !== null && state.rootStart <= item.span.startMicros) return
  state.rootStart = item.span.startMicros
  state.rootName = c.dictionary.id(item.span.name)
  state.rootType = facts.type
  state.rootService = item.service
}

/** Until the trace is settled, the error that began last stands for the failure: the deepest of a failing chain. */
function addError(c: Context, state: TraceState, body: Buffer, span: ScannedSpan, type: number): void {
  state.errors++
  addFacet(c, state, FACET_DIMS.error, type)
  if (state.errorStart !== null && state.errorStart > span.startMicros) return
  state.errorStart = span.startMicros
  state.errorSpan = Uint8Array.from(body.subarray(span.spanAt, span.spanAt + 8))
  state.errorName = c.dictionary.id(span.name)
  state.errorType = type
  state.errorMessage = span.statusMessage || null
}

function idAt(body: Buffer, at: number): Buffer {
  return body.subarray(at, at + 8)
}

function parentOf({ body, span }: Placed): Buffer | null {
  return span.parentAt < 0 ? null : idAt(body.bytes, span.parentAt)
}

/** Columns of `spans`. */
const COLUMNS = 21

/** Writes a span's row, the nth of those that are inserted at once, which stands at this place of the present chunk. */
function putRow(c: Context, values: SQLInputValue[], n: number, tr: number, item: ReadSpan, place: number): void {
  const { body, span, facts, names } = item
  let at = n * COLUMNS
  values[at++] = tr
  values[at++] = idAt(body.bytes, span.spanAt)
  values[at++] = parentOf(item)
  values[at++] = c.nextChunk
  values[at++] = place
  values[at++] = c.dictionary.id(span.name)
  values[at++] = facts.type
  values[at++] = span.kind
  values[at++] = item.service
  values[at++] = span.startMicros
  values[at++] = Math.max(0, span.endMicros - span.startMicros)
  values[at++] = span.status
  values[at++] = names.agent
  values[at++] = names.model
  values[at++] = names.tool
  values[at++] = names.errorType
  values[at++] = facts.inputTokens
  values[at++] = facts.outputTokens
  values[at++] = facts.cost
  values[at++] = c.dictionary.id(facts.target)
  values[at] = facts.flags
}

/** Inserts spans into the present chunk, and returns those that the store did not have. */
function insertSpans(c: Context, tr: number, spans: readonly ReadSpan[]): readonly ReadSpan[] {
  const base = c.chunk.entries
  const values = new Array<SQLInputValue>(spans.length * COLUMNS)
  spans.forEach((item, i) => putRow(c, values, i, tr, item, base + i))
  const inserted = c.insertSpans.run(values)
  if (inserted === spans.length) return spans
  if (inserted === 0) return []
  // Which of them the store had it does not say. All again, one by one: places in a chunk have no gaps.
  for (const { body, span } of spans) c.takeOut.run(tr, idAt(body.bytes, span.spanAt), c.nextChunk, base)
  const row = new Array<SQLInputValue>(COLUMNS)
  let stored = 0
  return spans.filter((item) => {
    putRow(c, row, 0, tr, item, base + stored)
    const isNew = c.insertSpans.run(row) === 1
    if (isNew) stored++
    return isNew
  })
}

function closeTraceChunk(c: Context, state: TraceState): void {
  const id = c.nextChunk++
  c.insertChunk.run(id, state.tr, closeChunk(c.chunk))
  c.text.close(id)
  state.lastChunk = id
}

/** Of a trace's spans, as many as one statement inserts and the present chunk takes. */
function nextSpans(c: Context, group: readonly Placed[], from: number): ReadSpan[] {
  const spans: ReadSpan[] = []
  let bytes = c.chunk.sink.pos
  for (let i = from; i < group.length && spans.length < MAX_ROWS && bytes < CHUNK_BYTES; i++) {
    const { body, span, scope, service } = group[i]!
    const facts = spanFacts(span)
    spans.push({ body, span, scope, service, facts, names: namesOf(c.dictionary, facts) })
    bytes += span.end - span.start
  }
  return spans
}

function addSpan(c: Context, state: TraceState, item: ReadSpan): void {
  const { body, span, service, facts, names } = item
  body.counts.stored++
  addEntry(c.chunk, item.scope, body.bytes, span.start, span.end)
  addToTrace(c, state, item)
  addToRollups(c, span, facts, names, service)
  c.text.add(body.bytes, span)
  if (!isWork(span)) return
  c.addWork(span, { tr: state.tr, spanId: idAt(body.bytes, span.spanAt), parent: parentOf(item), service })
}

function writeTrace(c: Context, key: string, group: readonly Placed[]): void {
  const state = c.traces.get(key)
  for (let at = 0; at < group.length;) {
    const spans = nextSpans(c, group, at)
    at += spans.length
    const stored = insertSpans(c, state.tr, spans)
    if (stored.length < spans.length) {
      for (const { body } of spans) body.counts.duplicates++
      for (const { body } of stored) body.counts.duplicates--
    }
    for (const item of stored) addSpan(c, state, item)
    if (c.chunk.sink.pos >= CHUNK_BYTES) closeTraceChunk(c, state)
  }
  if (c.chunk.entries > 0) closeTraceChunk(c, state)
  if (state.lastChunk === 0) return
  state.status = statusOf(state)
  state.changed = Date.now()
  c.traces.touch(state)
}

/** Opens the span tables for writing. */
export function openSpanWriter(tables: SpanTables): SpanWriter {
  const { db } = tables
  const lastChunk = db.prepare('SELECT max(id) AS n FROM chunks')
  const c: Context = {
    ...tables,
    insertSpans: openBulkInsert(db, 'INSERT OR IGNORE INTO spans', COLUMNS),
    takeOut: db.prepare('DELETE FROM spans WHERE tr = ? AND span_id = ? AND chunk = ? AND idx >= ?'),
    insertChunk: db.prepare('INSERT INTO chunks VALUES(?, ?, ?)'),
    addWork: openWorkWriter(db, tables.dictionary),
    facets: openRowBuffer(db, 'INSERT OR IGNORE INTO trace_facets', 3),
    chunk: openChunk(),
    nextChunk: Number(lastChunk.get()?.n ?? 0) + 1,
  }
  return {
    write(bodies) {
      groupByTrace(c, bodies).forEach((group, key) => writeTrace(c, key, group))
      c.facets.flush()
    },
    clear() {
      c.chunk.sink.pos = 0
      c.chunk.entries = 0
      c.facets.clear()
      c.nextChunk = Number(lastChunk.get()?.n ?? 0) + 1
    },
  }
}
