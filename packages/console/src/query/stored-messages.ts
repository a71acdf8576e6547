import type { AttributeMap } from '../api/contract.ts'
import { plainAttributes } from '../otlp/attributes.ts'
import { decodeMessage, type OtlpObject } from '../otlp/decode.ts'
import { RESOURCE, SCOPE, SPAN } from '../otlp/messages.ts'
import { readChunk } from '../store/chunk.ts'
import type { Reader } from './reader.ts'

/** Resource and scope of a stored message, decoded. */
export interface StoredScope {
  readonly resource: OtlpObject
  readonly scope: OtlpObject
  readonly resourceSchema: string
  readonly scopeSchema: string
}

/** Looks up a scope by its number. */
export function storedScope(reader: Reader, id: number): StoredScope {
  const row = reader.row('SELECT resource, scope, resource_schema, scope_schema FROM scopes WHERE id = ?', id)
  const bytes = (i: number): Uint8Array => (row?.[i] instanceof Uint8Array ? row[i] : new Uint8Array())
  return {
    resource: decodeMessage(RESOURCE, bytes(0)),
    scope: decodeMessage(SCOPE, bytes(1)),
    resourceSchema: Buffer.from(bytes(2)).toString('utf8'),
    scopeSchema: Buffer.from(bytes(3)).toString('utf8'),
  }
}

/** The attributes of a decoded resource or scope. */
export function attributesOf(message: OtlpObject): AttributeMap {
  return plainAttributes(message.attributes)
}

/** One stored span, decoded, with its scope's number; undefined when the store does not have it. */
export function storedSpan(
  reader: Reader,
  tr: number,
  spanId: string,
): { readonly span: OtlpObject; readonly scope: number } | undefined {
  if (!/^[0-9a-f]{16}$/.test(spanId)) return undefined
  const place = reader.row('SELECT chunk, idx FROM spans WHERE tr = ? AND span_id = ?', tr, Buffer.from(spanId, 'hex'))
  if (place === undefined) return undefined
  const data = reader.row('SELECT data FROM chunks WHERE id = ?', place[0]!)?.[0]
  if (!(data instanceof Uint8Array)) return undefined
  const entry = readChunk(data)[Number(place[1])]
  return entry === undefined ? undefined : { span: decodeMessage(SPAN, entry.bytes), scope: entry.scope }
}

/** All stored spans of a trace, decoded, in the order in which they came. */
export function* storedSpans(
  reader: Reader,
  tr: number,
): Generator<{ readonly span: OtlpObject; readonly scope: number }> {
  for (const [id] of reader.rows('SELECT id FROM chunks WHERE tr = ? ORDER BY id', tr)) {
    const data = reader.row('SELECT data FROM chunks WHERE id = ?', id!)?.[0]
    if (!(data instanceof Uint8Array)) continue
    for (const { scope, bytes } of readChunk(data)) yield { span: decodeMessage(SPAN, bytes), scope }
  }
}
