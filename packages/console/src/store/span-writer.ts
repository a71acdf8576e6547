import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ScannedScope, ScannedSpan } from '../otlp/scan-spans.ts'
import { decodeMessage } from '../otlp/decode.ts'
import { RESOURCE } from '../otlp/messages.ts'
import { serviceOf } from '../otlp/attributes.ts'
import { addEntry, type ChunkBuilder, closeChunk, openChunk } from './chunk.ts'
import { FACET_DIMS } from './codes.ts'
import type { Dictionary } from './dictionary.ts'
import type { Rollups } from './rollups.ts'
import type { ScopeTable } from './scope-table.ts'
import type { TextIndex } from './text-index.ts'
import { spanQuestion } from './span-content.ts'
import { type SpanFacts, spanFacts } from './span-facts.ts'
import { addToRollups, type Names, namesOf } from './span-rollups.ts'
import { addName, facetKey, statusOf, type TraceState } from './trace-state.ts'
import type { TraceStates } from './trace-states.ts'
import { openWorkWriter, type WorkWriter } from './work-writer.ts'

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

/** What became of the spans of a body. */
export interface SpanCounts {
  stored: number
  duplicates: number
  invalid: number
}

/** Writes the spans of scanned bodies, inside the caller's transaction. */
export interface SpanWriter {
  write(body: Buffer, scopes: readonly ScannedScope[], counts: SpanCounts): void
  clear(): void
}

interface Placed {
  readonly span: ScannedSpan
  readonly scope: number
  readonly service: number
}

interface Context extends SpanTables {
  readonly insertSpan: StatementSync
  readonly insertChunk: StatementSync
  readonly insertFacet: StatementSync
  readonly addWork: WorkWriter
  readonly chunk: ChunkBuilder
  nextChunk: number
}

/** Spans by trace: a body usually holds runs of one trace, so the last group is tried first. */
function groupByTrace(body: Buffer, placed: readonly Placed[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>()
  let lastAt = -1
  let last: Placed[] = []
  for (const item of placed) {
    const at = item.span.traceAt
    if (lastAt < 0 || body.compare(body, lastAt, lastAt + 16, at, at + 16) !== 0) {
      const key = body.toString('latin1', at, at + 16)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, (last = []))
      else last = group
    }
    lastAt = at
    last.push(item)
  }
  return groups
}

function placeSpans(c: Context, body: Buffer, scopes: readonly ScannedScope[], counts: SpanCounts): Placed[] {
  const placed: Placed[] = []
  for (const s of scopes) {
    const resource = body.subarray(...s.resource)
    const scope = c.scopes.id({
      resource,
      scope: body.subarray(...s.scope),
      resourceSchema: body.subarray(...s.resourceSchema),
      scopeSchema: body.subarray(...s.scopeSchema),
    })
    const service = c.dictionary.id(serviceOf(decodeMessage(RESOURCE, resource)))
    for (const span of s.spans) {
      if (span.traceAt < 0 || span.spanAt < 0) counts.invalid++
      else placed.push({ span, scope, service })
    }
  }
  return placed
}

function addFacet(c: Context, state: TraceState, dim: number, key: number): void {
  if (key === 0) return
  const id = facetKey(dim, key)
  if (state.facets.has(id)) return
  state.facets.add(id)
  c.insertFacet.run(dim, key, state.tr)
}

function addToTrace(c: Context, state: TraceState, body: Buffer, item: Placed, facts: SpanFacts, names: Names): void {
  const { span, service } = item
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

function insertSpan(
  c: Context,
  state: TraceState,
  body: Buffer,
  item: Placed,
  facts: SpanFacts,
  names: Names,
): boolean {
  const { span } = item
  const { dictionary } = c
  const parent = span.parentAt < 0 ? null : body.subarray(span.parentAt, span.parentAt + 8)
  const spanId = body.subarray(span.spanAt, span.spanAt + 8)
  const result = c.insertSpan.run(
    state.tr,
    spanId,
    parent,
    c.nextChunk,
    c.chunk.entries,
    dictionary.id(span.name),
    facts.type,
    span.kind,
    item.service,
    span.startMicros,
    Math.max(0, span.endMicros - span.startMicros),
    span.status,
    names.agent,
    names.model,
    names.tool,
    names.errorType,
    facts.inputTokens,
    facts.outputTokens,
    facts.cost,
    dictionary.id(facts.target),
    facts.flags,
  )
  if (Number(result.changes) !== 1) return false
  c.addWork(span, { tr: state.tr, spanId, parent, service: item.service })
  return true
}

function closeTraceChunk(c: Context, state: TraceState): void {
  const id = c.nextChunk++
  c.insertChunk.run(id, state.tr, closeChunk(c.chunk))
  c.text.close(id)
  state.lastChunk = id
}

function writeTrace(c: Context, body: Buffer, key: string, group: readonly Placed[], counts: SpanCounts): void {
  const state = c.traces.get(Buffer.from(key, 'latin1'))
  for (const item of group) {
    const facts = spanFacts(item.span)
    const names = namesOf(c.dictionary, facts)
    if (!insertSpan(c, state, body, item, facts, names)) {
      counts.duplicates++
      continue
    }
    counts.stored++
    addEntry(c.chunk, item.scope, body.subarray(item.span.start, item.span.end))
    addToTrace(c, state, body, item, facts, names)
    addToRollups(c, item.span, facts, names, item.service)
    c.text.add(body, item.span)
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
    insertSpan: db.prepare(`INSERT OR IGNORE INTO spans VALUES(${Array.from({ length: 21 }, () => '?').join(',')})`),
    insertChunk: db.prepare('INSERT INTO chunks VALUES(?, ?, ?)'),
    addWork: openWorkWriter(db, tables.dictionary),
    insertFacet: db.prepare('INSERT OR IGNORE INTO trace_facets VALUES(?, ?, ?)'),
    chunk: openChunk(),
    nextChunk: Number(lastChunk.get()?.n ?? 0) + 1,
  }
  return {
    write(body, scopes, counts) {
      const placed = placeSpans(c, body, scopes, counts)
      for (const [key, group] of groupByTrace(body, placed)) writeTrace(c, body, key, group, counts)
    },
    clear() {
      c.chunk.sink.pos = 0
      c.chunk.entries = 0
      c.nextChunk = Number(lastChunk.get()?.n ?? 0) + 1
    },
  }
}
