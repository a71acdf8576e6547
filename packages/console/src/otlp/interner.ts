const TABLE_SIZE = 1 << 14
const MAX_LENGTH = 64

/** Turns bytes into strings, giving the string made before when the bytes have been seen; bounded. */
export type Interner = (buf: Buffer, start: number, end: number) => string

function sameBytes(a: Buffer, b: Buffer, start: number): boolean {
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[start + i]) return false
  return true
}

/**
 * A direct-mapped table: a collision replaces the older entry, so memory is bounded and nothing is ever searched.
 * Making a string from bytes costs about three times a hit.
 */
export function createInterner(): Interner {
  const keys: (Buffer | undefined)[] = Array.from({ length: TABLE_SIZE }, () => undefined)
  const values: string[] = Array.from({ length: TABLE_SIZE }, () => '')
  return (buf, start, end) => {
    const length = end - start
    if (length === 0) return ''
    if (length > MAX_LENGTH) return buf.toString('utf8', start, end)
    let hash = 2166136261 ^ length
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ buf[i]!, 16777619)
    const slot = (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1)
    const key = keys[slot]
    if (key !== undefined && key.length === length && sameBytes(key, buf, start)) return values[slot]!
    const value = buf.toString('utf8', start, end)
    keys[slot] = Buffer.from(buf.subarray(start, end))
    values[slot] = value
    return value
  }
}
