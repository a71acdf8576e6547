/** Content as JSON text, free of cycles, getters and functions. */
export function toJson(value: unknown): string {
  try {
    // Nearly all content is plain data, and this is many times faster than with a function for each item.
    return JSON.stringify(value) ?? 'null'
  } catch {
    return toJsonSlowly(value)
  }
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
