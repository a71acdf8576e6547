import { MAX_DEPTH } from './decode.ts'
import { MalformedOtlp } from './malformed.ts'
import type { Field, Message, ScalarType } from './messages.ts'
import {
  openSink,
  reserve,
  type Sink,
  sinkBytes,
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_VARINT,
  writeBytes,
  writeVarint,
  writeVarint64,
} from './wire.ts'

function wrong(path: string, expected: string, value: unknown): MalformedOtlp {
  const shown = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  return new MalformedOtlp(`${path} must be ${expected}, it is ${shown}`)
}

function asBigInt(value: unknown, path: string): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  throw wrong(path, 'an integer (as a decimal string or a number)', value)
}

function asDouble(value: unknown, path: string): number {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value)
  throw wrong(path, 'a number', value)
}

function asInteger(value: unknown, path: string): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) throw wrong(path, 'an integer', value)
  return number
}

function asBytes(value: unknown, type: 'string' | 'bytes' | 'hex', path: string): Buffer {
  if (typeof value !== 'string') throw wrong(path, 'a string', value)
  if (type === 'string') return Buffer.from(value, 'utf8')
  if (type === 'bytes') return Buffer.from(value, 'base64')
  if (value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value)) throw wrong(path, 'hexadecimal digits', value)
  return Buffer.from(value, 'hex')
}

function writeTag(sink: Sink, number: number, wire: number): void {
  writeVarint(sink, number * 8 + wire)
}

function writeScalar(sink: Sink, number: number, type: ScalarType, value: unknown, path: string): void {
  switch (type) {
    case 'string':
    case 'bytes':
    case 'hex': {
      const bytes = asBytes(value, type, path)
      writeTag(sink, number, WIRE_BYTES)
      writeVarint(sink, bytes.length)
      writeBytes(sink, bytes)
      return
    }
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(path, 'true or false', value)
      writeTag(sink, number, WIRE_VARINT)
      writeVarint(sink, value ? 1 : 0)
      return
    case 'double':
    case 'fixed64':
    case 'sfixed64': {
      writeTag(sink, number, WIRE_FIXED64)
      reserve(sink, 8)
      if (type === 'double') sink.buf.writeDoubleLE(asDouble(value, path), sink.pos)
      else sink.buf.writeBigUInt64LE(BigInt.asUintN(64, asBigInt(value, path)), sink.pos)
      sink.pos += 8
      return
    }
    case 'fixed32':
      writeTag(sink, number, WIRE_FIXED32)
      reserve(sink, 4)
      sink.buf.writeUInt32LE(asInteger(value, path) >>> 0, sink.pos)
      sink.pos += 4
      return
    case 'sint32': {
      const integer = asInteger(value, path)
      writeTag(sink, number, WIRE_VARINT)
      writeVarint(sink, ((integer << 1) ^ (integer >> 31)) >>> 0)
      return
    }
    default:
      writeTag(sink, number, WIRE_VARINT)
      writeVarint64(sink, asBigInt(value, path))
  }
}

function writeNested(sink: Sink, number: number, message: Message, value: unknown, path: string, depth: number): void {
  if (depth >= MAX_DEPTH) throw new MalformedOtlp(`values are nested deeper than ${MAX_DEPTH}`)
  const inner = openSink(256)
  writeMessage(inner, message, value, path, depth + 1)
  writeTag(sink, number, WIRE_BYTES)
  writeVarint(sink, inner.pos)
  writeBytes(sink, sinkBytes(inner))
}

function writeField(sink: Sink, field: Field, value: unknown, path: string, depth: number): void {
  if (typeof field.type === 'function') writeNested(sink, field.number, field.type(), value, path, depth)
  else writeScalar(sink, field.number, field.type, value, path)
}

/** The JSON mapping of protobuf also allows the names as the .proto files write them. */
function camelCase(name: string): string {
  return name.includes('_') ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name
}

function writeMessage(sink: Sink, message: Message, value: unknown, path: string, depth: number): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(path || 'the body', 'an object', value)
  for (const [name, inner] of Object.entries(value)) {
    if (inner === null || inner === undefined) continue
    const field = message.byName.get(name) ?? message.byName.get(camelCase(name))
    if (field === undefined) continue
    const fieldPath = path === '' ? name : `${path}.${name}`
    if (!field.repeated) writeField(sink, field, inner, fieldPath, depth)
    else if (Array.isArray(inner))
      inner.forEach((item, i) => writeField(sink, field, item, `${fieldPath}[${i}]`, depth))
    else throw wrong(fieldPath, 'an array', inner)
  }
}

/**
 * Encodes OTLP/JSON as protobuf; unknown fields are left out, as the protocol says.
 * @throws MalformedOtlp naming the path of the first value that does not fit.
 */
export function encodeMessage(message: Message, value: unknown): Buffer {
  const sink = openSink()
  writeMessage(sink, message, value, '', 0)
  return Buffer.from(sinkBytes(sink))
}
