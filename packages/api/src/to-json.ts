import { referenceOf } from './hash-of.ts'

/** Content as JSON text, free of cycles, getters and functions; bytes are references. */
export function toJson(value: unknown): string {
  try {
    const plain = withoutBytes(value, { left: MOST_LOOKED_AT }, 0)
    // Nearly all content is plain data, and this is many times faster than with a function for each item.
    return JSON.stringify(plain) ?? 'null'
  } catch {
    return toJsonSlowly(value)
  }
}

const DEEPEST = 8
const MOST_LOOKED_AT = 2000

/**
 * The same value, copied only as far as it holds bytes: each of them would be a number in the JSON, and a screenshot a text
 * ten times its size. What lies deep, or far down in a long list, is not looked at.
 */
function withoutBytes(value: unknown, budget: { left: number }, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  const bytes = bytesOf(value)
  if (bytes !== undefined) return referenceOf(bytes)
  if (depth === DEEPEST || budget.left <= 0 || 'toJSON' in value) return value
  const fields = value as Record<string, unknown>
  let copy: Record<string, unknown> | undefined
  for (const key in fields) {
    if (budget.left-- <= 0) break
    const item = fields[key]
    const kept = withoutBytes(item, budget, depth + 1)
    if (kept !== item)
      (copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>)[key] = kept
  }
  return copy ?? value
}

function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  const isBytes = ArrayBuffer.isView(value) && (value as Partial<Uint8Array>).BYTES_PER_ELEMENT === 1
  return isBytes ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined
}

/** For cycles, and for numbers that JSON does not know. */
function toJsonSlowly(value: unknown): string {
  const ancestors: object[] = []
  try {
    // `undefined` and functions have no JSON.
    return (
      JSON.stringify(value, function (this: unknown, _key, item: unknown) {
        if (typeof item === 'bigint') return String(item)
        if (typeof item !== 'object' || item === null) return item
        // JSON.stringify goes down and up again: `this` is the object that holds the item.
        while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop()
        if (ancestors.includes(item)) return '[circular]'
        ancestors.push(item)
        return item
      }) ?? 'null'
    )
  } catch {
    return '"[unreadable]"'
  }
}
