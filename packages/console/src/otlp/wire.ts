import { MalformedOtlp } from './malformed.ts'

/** Protobuf wire types that OTLP uses. */
export const WIRE_VARINT = 0
export const WIRE_FIXED64 = 1
export const WIRE_BYTES = 2
export const WIRE_FIXED32 = 5

/** A position in a body; readers move it. One object serves a whole body, so nothing is copied or allocated per field. */
export interface Cursor {
  readonly buf: Buffer
  pos: number
}

function truncated(at: number): MalformedOtlp {
  return new MalformedOtlp(`the protobuf body ends inside a field (byte ${at})`)
}

/** Reads a varint of up to 32 bits; larger values lose their upper bits, as protobuf says for 32-bit fields. */
export function readVarint32(c: Cursor, end: number): number {
  const { buf } = c
  let value = 0
  for (let shift = 0; shift < 70; shift += 7) {
    if (c.pos >= end) throw truncated(c.pos)
    const byte = buf[c.pos++]!
    if (shift < 32) value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value >>> 0
  }
  throw new MalformedOtlp(`a varint is longer than 10 bytes (byte ${c.pos})`)
}

/** Reads a signed 64-bit varint as a number; exact up to 2^53. */
export function readVarint64(c: Cursor, end: number): number {
  const { buf } = c
  let low = 0
  let high = 0
  for (let i = 0; i < 10; i++) {
    if (c.pos >= end) throw truncated(c.pos)
    const byte = buf[c.pos++]!
    const bits = byte & 0x7f
    if (i < 4) low += bits * 2 ** (7 * i)
    else if (i === 4) {
      low += (bits & 0x0f) * 2 ** 28
      high += bits >> 4
    } else high += bits * 2 ** (7 * i - 32)
    if (byte < 0x80) {
      high %= 4294967296
      return high >= 2147483648 ? (high - 4294967296) * 4294967296 + low : high * 4294967296 + low
    }
  }
  throw new MalformedOtlp(`a varint is longer than 10 bytes (byte ${c.pos})`)
}

/** Reads the length of a bytes field and returns the position of its end; the cursor stands at its start. */
export function readEnd(c: Cursor, end: number): number {
  const length = readVarint32(c, end)
  const fieldEnd = c.pos + length
  if (fieldEnd > end) throw truncated(end)
  return fieldEnd
}

/** Moves past a field of the given wire type. */
export function skipField(c: Cursor, wireType: number, end: number): void {
  if (wireType === WIRE_VARINT) readVarint32(c, end)
  else if (wireType === WIRE_FIXED64) c.pos += 8
  else if (wireType === WIRE_BYTES) c.pos = readEnd(c, end)
  else if (wireType === WIRE_FIXED32) c.pos += 4
  else throw new MalformedOtlp(`wire type ${wireType} is not used by OTLP (byte ${c.pos})`)
  if (c.pos > end) throw truncated(end)
}

/** Reads a tag; the field number is `tag >>> 3`, the wire type `tag & 7`. */
export function readTag(c: Cursor, end: number): number {
  const tag = readVarint32(c, end)
  if (tag >>> 3 === 0) throw new MalformedOtlp(`field number 0 (byte ${c.pos})`)
  return tag
}

/** Throws unless the field has the wire type that the protocol gives it. */
export function expectWire(tag: number, wireType: number, field: string): void {
  if ((tag & 7) !== wireType) {
    throw new MalformedOtlp(`${field} has wire type ${tag & 7}, the protocol says ${wireType}`)
  }
}

const LATEST_MICROS = 2 ** 52

/** Reads nanoseconds (fixed64) as whole microseconds; times after the year 2112 are cut to it. */
export function readNanosAsMicros(c: Cursor, end: number): number {
  if (c.pos + 8 > end) throw truncated(end)
  const low = c.buf.readUInt32LE(c.pos)
  const high = c.buf.readUInt32LE(c.pos + 4)
  c.pos += 8
  return Math.min(LATEST_MICROS, Math.round((high * 4294967296) / 1000 + low / 1000))
}

/** Reads a double. */
export function readDouble(c: Cursor, end: number): number {
  if (c.pos + 8 > end) throw truncated(end)
  const value = c.buf.readDoubleLE(c.pos)
  c.pos += 8
  return value
}

/** A growing buffer that protobuf is written into. */
export interface Sink {
  buf: Buffer
  pos: number
}

/** A new sink. */
export function openSink(size = 4096): Sink {
  return { buf: Buffer.allocUnsafe(size), pos: 0 }
}

/** Makes room for `bytes` more. */
export function reserve(sink: Sink, bytes: number): void {
  if (sink.pos + bytes <= sink.buf.length) return
  const grown = Buffer.allocUnsafe(Math.max(sink.buf.length * 2, sink.pos + bytes))
  sink.buf.copy(grown, 0, 0, sink.pos)
  sink.buf = grown
}

/** Writes an unsigned varint below 2^53. */
export function writeVarint(sink: Sink, value: number): void {
  reserve(sink, 10)
  let rest = value
  while (rest >= 0x80) {
    sink.buf[sink.pos++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  sink.buf[sink.pos++] = rest
}

/** Writes a 64-bit varint; negative values take 10 bytes. */
export function writeVarint64(sink: Sink, value: bigint): void {
  reserve(sink, 10)
  let rest = BigInt.asUintN(64, value)
  while (rest >= 0x80n) {
    sink.buf[sink.pos++] = Number(rest & 0x7fn) | 0x80
    rest >>= 7n
  }
  sink.buf[sink.pos++] = Number(rest)
}

/** Writes bytes as they are. */
export function writeBytes(sink: Sink, bytes: Uint8Array): void {
  reserve(sink, bytes.length)
  sink.buf.set(bytes, sink.pos)
  sink.pos += bytes.length
}

/** Writes what stands between two places of a buffer. */
export function copyBytes(sink: Sink, source: Buffer, start: number, end: number): void {
  reserve(sink, end - start)
  sink.pos += source.copy(sink.buf, sink.pos, start, end)
}

/** What has been written; a view, valid until the next write. */
export function sinkBytes(sink: Sink): Buffer {
  return sink.buf.subarray(0, sink.pos)
}
