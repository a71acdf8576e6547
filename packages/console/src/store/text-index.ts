import type { DatabaseSync } from 'node:sqlite'
import { createInterner } from '../otlp/interner.ts'
import { scanSpans } from '../otlp/scan-spans.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'
import { openSink, sinkBytes, writeBytes, writeVarint } from '../otlp/wire.ts'
import { type ChunkEntry, readChunk } from './chunk.ts'
import { isForeignKey, readForeignSpans } from './foreign-spans.ts'
import { addSearchableText } from './searchable-text.ts'

/** Text that waits is written when it has grown to this. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024
const INITIAL_BYTES = 256 * 1024

/**
 * The full-text index of spans, one row a chunk. Each write makes a segment of its own that must be merged with others later,
 * so under load the text of many transactions is written at once. What waits then is not lost with the process: chunks beyond
 * the last indexed one are read again.
 */
export interface TextIndex {
  /** Adds a span to the text of the chunk that is being made. */
  add(body: Buffer, span: ScannedSpan): void
  /** The chunk that was being made has this number. */
  close(chunk: number): void
  /** Whether so much waits that it is to be written. */
  isFull(): boolean
  /** Inside a transaction: writes what waits. */
  flush(): void
  clear(): void
}

const INNER = 0x12
const OUTER = 0x0a

/** A stored span as a request of its own, for the reader that read it when it came. */
function requestOf(entry: ChunkEntry, scope: Uint8Array): Buffer {
  const inner = openSink(entry.bytes.length + scope.length + 32)
  for (const [tag, bytes] of [
    [OUTER, scope],
    [INNER, entry.bytes],
  ] as const) {
    writeVarint(inner, tag)
    writeVarint(inner, bytes.length)
    writeBytes(inner, bytes)
  }
  let request = sinkBytes(inner)
  for (const tag of [INNER, OUTER]) {
    const outer = openSink(request.length + 16)
    writeVarint(outer, tag)
    writeVarint(outer, request.length)
    writeBytes(outer, request)
    request = sinkBytes(outer)
  }
  return request
}

/** Opens the index for writing, and adds what an earlier process did not come to. */
export function openTextIndex(db: DatabaseSync): TextIndex {
  const insert = db.prepare('INSERT INTO span_text(rowid, text) VALUES(?, ?)')
  const unindexed = db.prepare(
    'SELECT id, data FROM chunks WHERE id > (SELECT coalesce(max(id), 0) FROM span_text_docsize) ORDER BY id',
  )
  const scopeOf = db.prepare('SELECT scope FROM scopes WHERE id = ?')
  const intern = createInterner()
  let sink = openSink(INITIAL_BYTES)
  let waiting: { readonly chunk: number; readonly end: number }[] = []
  const named = new Set<string>()
  /** An earlier process may have stored chunks that it did not come to; so may this one, when a transaction fails. */
  let mayBeBehind = unindexed.get() !== undefined

  const close = (chunk: number): void => {
    waiting.push({ chunk, end: sink.pos })
    named.clear()
  }
  const write = (): void => {
    let start = 0
    for (const { chunk, end } of waiting) {
      insert.run(chunk, sink.buf.subarray(start, end))
      start = end
    }
    waiting = []
    if (sink.buf.length > MAX_WAITING_BYTES * 2) sink = openSink(INITIAL_BYTES)
    sink.pos = 0
  }
  const addStored = (data: Uint8Array): void => {
    for (const entry of readChunk(data)) {
      const body = requestOf(entry, (scopeOf.get(entry.scope)?.scope ?? new Uint8Array()) as Uint8Array)
      const scopes = readForeignSpans(body, scanSpans(body, { intern, isForeign: isForeignKey }))
      for (const { spans } of scopes) for (const span of spans) addSearchableText(sink, body, span, named)
    }
  }
  const catchUp = (): void => {
    for (const { id, data } of unindexed.iterate()) {
      addStored(data as Uint8Array)
      close(Number(id))
      write()
    }
  }
  return {
    add: (body, span) => addSearchableText(sink, body, span, named),
    close,
    isFull: () => sink.pos >= MAX_WAITING_BYTES,
    flush() {
      if (mayBeBehind) {
        waiting = []
        sink.pos = 0
        catchUp()
        mayBeBehind = false
      } else write()
    },
    clear() {
      waiting = []
      sink.pos = 0
      named.clear()
      mayBeBehind = true
    },
  }
}
