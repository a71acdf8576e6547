/** A value as data that two processes can compare: JSON, without identities, times and ports. */
export type Description = unknown

const MAX_DEPTH = 8
/** Objects of a class are looked into so far: further in is the client's own machinery. */
const MAX_CLASS_DEPTH = 2

/** Describes what an application can see of a value: class, prototypes with their keys, own keys, contents. */
export function describeValue(value: unknown): Description {
  return describe(value, 0, 0, [])
}

function describe(value: unknown, depth: number, classDepth: number, above: readonly object[]): Description {
  if (typeof value === 'string') return withoutPort(value)
  if (typeof value === 'bigint' || typeof value === 'symbol' || value === undefined) return `(${String(value)})`
  if (typeof value === 'number' && !Number.isFinite(value)) return `(${value})`
  // Methods are described with their prototypes; what a field's function happens to be called, nobody looks at.
  if (typeof value === 'function') return '(function)'
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '(circular)'
  if (depth > MAX_DEPTH) return '(deep)'
  const inside = [...above, value]
  const next = (item: unknown, classes = classDepth): Description => describe(item, depth + 1, classes, inside)
  if (ArrayBuffer.isView(value)) return { class: className(value), bytes: value.byteLength }
  if (Array.isArray(value) && className(value) === 'Array') return value.map((item) => next(item))
  if (isPlain(value))
    return Object.fromEntries(
      keysOf(value).map((key) => [String(key), key === 'socket' ? '(socket)' : next(Reflect.get(value, key))]),
    )
  if (value instanceof Error) return describeError(value, next)
  return {
    class: className(value),
    text: Object.prototype.toString.call(value),
    keys: keysOf(value).map(String),
    prototypes: prototypesOf(value),
    ...(classDepth < MAX_CLASS_DEPTH ? { values: ownValues(value, (item) => next(item, classDepth + 1)) } : undefined),
  }
}

function describeError(error: Error, next: (item: unknown, classes?: number) => Description): Description {
  return {
    class: className(error),
    name: error.name,
    message: withoutPort(error.message),
    keys: keysOf(error).map(String),
    prototypes: prototypesOf(error),
    // The stack has our frames in it, and their lines; whether there is one is all that counts.
    stack: typeof error.stack,
    values: ownValues(error, (item) => next(item, MAX_CLASS_DEPTH), ['stack']),
    cause: next(error.cause, MAX_CLASS_DEPTH),
  }
}

/** Also the keys that `Object.keys` does not show, and symbols. */
function keysOf(value: object): (string | symbol)[] {
  return Reflect.ownKeys(value)
}

function prototypesOf(value: object): Description[] {
  const found: Description[] = []
  for (let prototype = Object.getPrototypeOf(value); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    if (prototype === Object.prototype) break
    found.push({ class: className(prototype), keys: keysOf(prototype).map((key) => describeKey(prototype, key)) })
  }
  return found
}

/** A method with its number of parameters, so that a replaced one that looks different is noticed. */
function describeKey(prototype: object, key: string | symbol): string {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key)
  const flags = `${descriptor?.enumerable ? 'e' : ''}${descriptor?.writable ? 'w' : ''}${descriptor?.configurable ? 'c' : ''}`
  const value: unknown = descriptor?.value
  return typeof value === 'function'
    ? `${String(key)}(${value.length}) ${value.name} ${flags}`
    : `${String(key)} ${flags}`
}

function ownValues(
  value: object,
  next: (item: unknown) => Description,
  without: readonly string[] = [],
): Record<string, Description> {
  const values: Record<string, Description> = {}
  for (const key of keysOf(value)) {
    if (typeof key === 'symbol' || without.includes(key)) continue
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    // Bytes and ports of a connection are not the same twice.
    if (key === 'socket') values[key] = '(socket)'
    else values[key] = descriptor !== undefined && 'value' in descriptor ? next(descriptor.value) : '(accessor)'
  }
  return values
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function className(value: object): string {
  return typeof value.constructor === 'function' ? value.constructor.name : '(none)'
}

function withoutPort(text: string): string {
  return text.replace(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')
}
