/** Writes the few forms of protobuf that a corpus needs. */

/** A varint below 2^53. */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** A length-delimited field. */
export function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content])
}

/** A fixed64 field. */
export function number64(fieldNumber: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = fieldNumber * 8 + 1
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}

/** An attribute's value. */
export type Value = string | number | readonly string[]

/** An AnyValue. */
export function anyValue(value: Value): Buffer {
  if (typeof value === 'string') return field(1, Buffer.from(value))
  if (typeof value !== 'number') return field(5, Buffer.concat(value.map((item) => field(1, anyValue(item)))))
  if (Number.isInteger(value)) return Buffer.concat([Buffer.from([0x18]), varint(value)])
  const bytes = Buffer.alloc(9)
  bytes[0] = 0x21
  bytes.writeDoubleLE(value, 1)
  return bytes
}

const cached = new Map<string, Buffer>()

/** An attribute of a span. */
export function attribute(key: string, value: Value): Buffer {
  return field(9, Buffer.concat([field(1, Buffer.from(key)), field(2, anyValue(value))]))
}

/** The same, kept for values that repeat. */
export function repeated(key: string, value: Value): Buffer {
  const id = `${key}=${String(value)}`
  let bytes = cached.get(id)
  if (bytes === undefined) cached.set(id, (bytes = attribute(key, value)))
  return bytes
}
