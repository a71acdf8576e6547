import { MalformedOtlp } from './malformed.ts'
import type { Interner } from './interner.ts'
import { findPromoted, type Promoted } from './promoted-keys.ts'
import { newScannedSpan, type ScannedSpan, type SpanPool } from './scanned-span.ts'
import {
  type Cursor,
  expectWire,
  readDouble,
  readEnd,
  readNanosAsMicros,
  readTag,
  readVarint32,
  readVarint64,
  skipField,
  WIRE_BYTES,
  WIRE_FIXED64,
  WIRE_VARINT,
} from './wire.ts'

/** Spans that share resource and scope. */
export interface ScannedScope {
  /** Bytes of the Resource message, of the InstrumentationScope message, and of the two schema URLs. */
  readonly resource: readonly [start: number, end: number]
  readonly scope: readonly [start: number, end: number]
  readonly resourceSchema: readonly [start: number, end: number]
  readonly scopeSchema: readonly [start: number, end: number]
  readonly spans: ScannedSpan[]
}

/** What a reader needs besides the bytes. */
export interface ScanOptions {
  readonly intern: Interner
  /** Whether a key that is not promoted belongs to an older or a foreign convention. */
  readonly isForeign: (buf: Buffer, start: number, end: number) => boolean
  /** Gives spans to read into, which are valid until it takes them back; left out, each is made anew. */
  readonly pool?: SpanPool
}

const NONE: readonly [number, number] = [0, 0]
function readNumber(c: Cursor, field: number, wire: number, end: number): number {
  if (field === 3 && wire === WIRE_VARINT) return readVarint64(c, end)
  if (field === 4 && wire === WIRE_FIXED64) return readDouble(c, end)
  if (field === 2 && wire === WIRE_VARINT) return readVarint32(c, end)
  skipField(c, wire, end)
  return Number.NaN
}

/** Reads the AnyValue of a promoted key; the cursor is at its start. */
function readPromoted(c: Cursor, span: ScannedSpan, key: Promoted, end: number, intern: Interner): void {
  while (c.pos < end) {
    const tag = readTag(c, end)
    if (key.group === 'number') {
      span.numbers[key.slot] = readNumber(c, tag >>> 3, tag & 7, end)
    } else if (tag === ((1 << 3) | WIRE_BYTES)) {
      const textEnd = readEnd(c, end)
      if (key.group === 'text') span.texts[key.slot] = intern(c.buf, c.pos, textEnd)
      else {
        span.content[key.slot * 2] = c.pos
        span.content[key.slot * 2 + 1] = textEnd
      }
      c.pos = textEnd
    } else {
      if (key.group === 'content') span.content[key.slot * 2] = -2
      skipField(c, tag & 7, end)
    }
  }
}

function scanAttribute(c: Cursor, span: ScannedSpan, end: number, options: ScanOptions): void {
  let key: Promoted | undefined
  let valueStart = -1
  let valueEnd = -1
  while (c.pos < end) {
    const tag = readTag(c, end)
    if (tag === ((1 << 3) | WIRE_BYTES)) {
      const keyEnd = readEnd(c, end)
      key = findPromoted(c.buf, c.pos, keyEnd)
      if (key === undefined && !span.foreign) span.foreign = options.isForeign(c.buf, c.pos, keyEnd)
      c.pos = keyEnd
    } else if (tag === ((2 << 3) | WIRE_BYTES)) {
      valueEnd = readEnd(c, end)
      valueStart = c.pos
      c.pos = valueEnd
    } else skipField(c, tag & 7, end)
  }
  if (key === undefined || valueStart < 0) return
  c.pos = valueStart
  readPromoted(c, span, key, valueEnd, options.intern)
  c.pos = end
}

function scanStatus(c: Cursor, span: ScannedSpan, end: number): void {
  while (c.pos < end) {
    const tag = readTag(c, end)
    if (tag === ((3 << 3) | WIRE_VARINT)) span.status = readVarint32(c, end)
    else if (tag === ((2 << 3) | WIRE_BYTES)) {
      const textEnd = readEnd(c, end)
      span.statusMessage = c.buf.toString('utf8', c.pos, Math.min(textEnd, c.pos + 1024))
      c.pos = textEnd
    } else skipField(c, tag & 7, end)
  }
}

/** Position of an id of the right length, or -1; all-zero ids are invalid by the protocol. */
function readId(c: Cursor, length: number, end: number): number {
  const idEnd = readEnd(c, end)
  const at = c.pos
  c.pos = idEnd
  if (idEnd - at !== length) return -1
  for (let i = at; i < idEnd; i++) if (c.buf[i] !== 0) return at
  return -1
}

function scanSpanField(c: Cursor, span: ScannedSpan, tag: number, end: number, options: ScanOptions): void {
  const field = tag >>> 3
  switch (field) {
    case 9:
    case 15: {
      expectWire(tag, WIRE_BYTES, field === 9 ? 'Span.attributes' : 'Span.status')
      const inner = readEnd(c, end)
      if (field === 9) scanAttribute(c, span, inner, options)
      else scanStatus(c, span, inner)
      return
    }
    case 1:
    case 2:
    case 4: {
      expectWire(tag, WIRE_BYTES, 'an id of Span')
      const at = readId(c, field === 1 ? 16 : 8, end)
      if (field === 1) span.traceAt = at
      else if (field === 2) span.spanAt = at
      else span.parentAt = at
      return
    }
    case 5: {
      expectWire(tag, WIRE_BYTES, 'Span.name')
      const nameEnd = readEnd(c, end)
      span.name = options.intern(c.buf, c.pos, nameEnd)
      c.pos = nameEnd
      return
    }
    case 6:
      expectWire(tag, WIRE_VARINT, 'Span.kind')
      span.kind = readVarint32(c, end)
      return
    case 7:
    case 8:
      expectWire(tag, WIRE_FIXED64, 'a time of Span')
      if (field === 7) span.startMicros = readNanosAsMicros(c, end)
      else span.endMicros = readNanosAsMicros(c, end)
      return
    default:
      skipField(c, tag & 7, end)
  }
}

function scanSpan(c: Cursor, end: number, options: ScanOptions): ScannedSpan {
  const span = options.pool?.take(c.pos, end) ?? newScannedSpan(c.pos, end)
  while (c.pos < end) scanSpanField(c, span, readTag(c, end), end, options)
  return span
}

/** Calls back for each field 2 (a message) and returns the positions of fields 1 and 3, whatever their order. */
function scanGroup(
  c: Cursor,
  end: number,
  name: string,
  onInner: (end: number) => void,
): readonly [readonly [number, number], readonly [number, number]] {
  let head = NONE
  let schema = NONE
  while (c.pos < end) {
    const tag = readTag(c, end)
    const field = tag >>> 3
    if (field < 1 || field > 3) {
      skipField(c, tag & 7, end)
      continue
    }
    expectWire(tag, WIRE_BYTES, `field ${field} of ${name}`)
    const inner = readEnd(c, end)
    if (field === 1) head = [c.pos, inner]
    else if (field === 3) schema = [c.pos, inner]
    else onInner(inner)
    c.pos = inner
  }
  return [head, schema]
}

/**
 * Reads the spans of an ExportTraceServiceRequest without copying: positions, and the values of promoted keys.
 * @throws MalformedOtlp when the body is not such a request.
 */
export function scanSpans(body: Buffer, options: ScanOptions): ScannedScope[] {
  const scopes: ScannedScope[] = []
  const c: Cursor = { buf: body, pos: 0 }
  const end = body.length
  while (c.pos < end) {
    const tag = readTag(c, end)
    if (tag >>> 3 !== 1) {
      if (c.pos > 5) throw new MalformedOtlp(`field ${tag >>> 3} is not in an OTLP trace request (byte ${c.pos})`)
      throw new MalformedOtlp('the body is not an OTLP trace request in protobuf')
    }
    expectWire(tag, WIRE_BYTES, 'ExportTraceServiceRequest.resource_spans')
    const found: { head: readonly [number, number]; schema: readonly [number, number]; spans: ScannedSpan[] }[] = []
    const [resource, resourceSchema] = scanGroup(c, readEnd(c, end), 'ResourceSpans', (scopeEnd) => {
      const spans: ScannedSpan[] = []
      const [head, schema] = scanGroup(c, scopeEnd, 'ScopeSpans', (spanEnd) => {
        spans.push(scanSpan(c, spanEnd, options))
      })
      found.push({ head, schema, spans })
    })
    for (const { head, schema, spans } of found) {
      scopes.push({ resource, scope: head, resourceSchema, scopeSchema: schema, spans })
    }
  }
  return scopes
}
