import { MalformedOtlp } from './malformed.ts'
import type { Field, Message, ScalarType } from './messages.ts'
import {
  type Cursor,
  expectWire,
  readDouble,
  readEnd,
  readTag,
  readVarint32,
  skipField,
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_VARINT,
} from './wire.ts'

/** Values nested deeper than this are refused, so that a hostile body cannot exhaust the stack. */
export const MAX_DEPTH = 100

/** An OTLP message as OTLP/JSON writes it: camelCase names, ids in hex, 64-bit integers as decimal strings, bytes in base64. */
export type OtlpObject = { [field: string]: OtlpValue }
/** A field's value in an {@link OtlpObject}. */
export type OtlpValue = string | number | boolean | OtlpObject | OtlpValue[]

function readBig(c: Cursor, end: number): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (c.pos >= end) throw new MalformedOtlp(`the protobuf body ends inside a field (byte ${c.pos})`)
    const byte = c.buf[c.pos++]!
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw new MalformedOtlp(`a varint is longer than 10 bytes (byte ${c.pos})`)
}

function wireTypeOf(type: Field['type']): number {
  if (typeof type === 'function') return WIRE_BYTES
  if (type === 'string' || type === 'bytes' || type === 'hex') return WIRE_BYTES
  if (type === 'double' || type === 'fixed64' || type === 'sfixed64') return WIRE_FIXED64
  return type === 'fixed32' ? WIRE_FIXED32 : WIRE_VARINT
}

function readFixed(c: Cursor, type: 'fixed64' | 'sfixed64' | 'fixed32', end: number): string | number {
  const size = type === 'fixed32' ? 4 : 8
  if (c.pos + size > end) throw new MalformedOtlp(`the protobuf body ends inside a field (byte ${end})`)
  const at = c.pos
  c.pos += size
  if (type === 'fixed32') return c.buf.readUInt32LE(at)
  return (type === 'fixed64' ? c.buf.readBigUInt64LE(at) : c.buf.readBigInt64LE(at)).toString()
}

/** OTLP/JSON writes the doubles that JSON lacks as strings. */
function jsonDouble(value: number): number | string {
  if (Number.isFinite(value)) return value
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

function readScalar(c: Cursor, type: ScalarType, end: number): string | number | boolean {
  switch (type) {
    case 'string':
    case 'bytes':
    case 'hex': {
      const fieldEnd = readEnd(c, end)
      const start = c.pos
      c.pos = fieldEnd
      return c.buf.toString(type === 'string' ? 'utf8' : type === 'hex' ? 'hex' : 'base64', start, fieldEnd)
    }
    case 'bool':
      return readVarint32(c, end) !== 0
    case 'double':
      return jsonDouble(readDouble(c, end))
    case 'fixed64':
    case 'sfixed64':
    case 'fixed32':
      return readFixed(c, type, end)
    case 'uint64':
      return BigInt.asUintN(64, readBig(c, end)).toString()
    case 'int64':
      return BigInt.asIntN(64, readBig(c, end)).toString()
    case 'uint32':
      return readVarint32(c, end)
    case 'enum':
      return readVarint32(c, end) | 0
    case 'sint32': {
      const zigzag = readVarint32(c, end)
      return (zigzag >>> 1) ^ -(zigzag & 1)
    }
  }
}

function readValue(c: Cursor, field: Field, end: number, depth: number): OtlpValue {
  if (typeof field.type !== 'function') return readScalar(c, field.type, end)
  if (depth >= MAX_DEPTH) throw new MalformedOtlp(`values are nested deeper than ${MAX_DEPTH}`)
  return readMessage(c, field.type(), readEnd(c, end), depth + 1)
}

function addField(c: Cursor, object: OtlpObject, field: Field, tag: number, end: number, depth: number): void {
  const wire = wireTypeOf(field.type)
  if (field.repeated) {
    const list = (object[field.name] ??= []) as OtlpValue[]
    if ((tag & 7) === WIRE_BYTES && wire !== WIRE_BYTES) {
      const packedEnd = readEnd(c, end)
      while (c.pos < packedEnd) list.push(readValue(c, field, packedEnd, depth))
      return
    }
    expectWire(tag, wire, field.name)
    list.push(readValue(c, field, end, depth))
    return
  }
  expectWire(tag, wire, field.name)
  object[field.name] = readValue(c, field, end, depth)
}

function readMessage(c: Cursor, message: Message, end: number, depth: number): OtlpObject {
  const object: OtlpObject = {}
  while (c.pos < end) {
    const tag = readTag(c, end)
    const field = message.byNumber[tag >>> 3]
    if (field === undefined) skipField(c, tag & 7, end)
    else addField(c, object, field, tag, end, depth)
  }
  return object
}

/**
 * Decodes a whole message by the protocol's tables. Exact but not fast: the hot path of spans is `scan-spans.ts`.
 * @throws MalformedOtlp when the bytes are not this message.
 */
export function decodeMessage(message: Message, bytes: Uint8Array): OtlpObject {
  const buf = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return readMessage({ buf, pos: 0 }, message, buf.length, 0)
}
