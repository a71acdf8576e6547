import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  visit,
} from 'yaml'

/** Key names and places in lists, from the top of the document. */
export type Key = string | number

/** A place in the file. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A configuration file as it is written. What is wrong in it can be taken out, to find what else is. */
export interface ConfigDocument {
  /** What is wrong with it as YAML. */
  readonly errors: readonly { readonly offset: number; readonly message: string }[]
  /** Whether it is a map of settings, and not empty. */
  readonly isMap: boolean
  /** `/a/0/b` and `a[0].b` as keys. A name may hold a slash, so the document decides. */
  keysOf(path: string): Key[]
  /** Names of the keys of the map there. */
  namesAt(keys: readonly Key[]): string[]
  /** Where the innermost key is that is in the document. */
  offsetOf(keys: readonly Key[]): number
  /** The path for people, with the places in lists that they have in the file. */
  written(keys: readonly Key[]): string
  placeOf(offset: number): Place
  /** Whether one of the offsets is within what is there. */
  holds(keys: readonly Key[], offsets: readonly number[]): boolean
  /** Takes out what is there, and what is empty then. @returns false when nothing is there */
  remove(keys: readonly Key[]): boolean
  /** Takes the value of a key away, or gives it one. */
  set(keys: readonly Key[], value: unknown): void
  /** Keys of the scalars whose text is so, and of aliases that name no anchor. */
  find(wanted: (text: string) => boolean): Key[][]
  aliasesOfNothing(): Key[][]
  /** The scalar there as text. */
  textAt(keys: readonly Key[]): string
  toString(): string
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key)
}

/** Parses the text. @throws {RangeError} when it is nested so deeply that the parser cannot follow */
export function readConfigDocument(text: string): ConfigDocument {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, version: '1.2' })
  const places = new WeakMap<object, number>()
  visit(document, { Seq: (_, { items }) => items.forEach((item, index) => void places.set(item as object, index)) })

  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)
  const pairAt = (node: unknown, key: Key) =>
    isMap(node) ? node.items.find((pair) => keyOf(pair.key) === String(key)) : undefined
  const child = (node: unknown, key: Key): unknown => {
    const parent = resolved(node)
    return isSeq(parent) ? parent.items[Number(key)] : pairAt(parent, key)?.value
  }
  const nodeAt = (keys: readonly Key[]): unknown => resolved(keys.reduce<unknown>(child, document.contents))
  const keysWithin = (segments: readonly string[]): Key[] => {
    const keys: Key[] = []
    for (const [index, segment] of segments.entries()) {
      const node = nodeAt(keys)
      // A key may be written with dots in it, as people do who know paths from elsewhere.
      const dotted = segments.slice(index).join('.')
      if (pairAt(node, segment) === undefined && pairAt(node, dotted) !== undefined) return [...keys, dotted]
      keys.push(isSeq(node) ? Number(segment) : segment)
    }
    return keys
  }
  const offsetOf = (keys: readonly Key[]): number => {
    let node: unknown = document.contents
    let offset = 0
    for (const key of keys) {
      const parent = resolved(node)
      const named = isMap(parent) ? pairAt(parent, key)?.key : isSeq(parent) ? parent.items[Number(key)] : undefined
      if (!isNode(named)) break
      offset = named.range?.[0] ?? offset
      node = child(parent, key)
    }
    return offset
  }
  const remove = (keys: readonly Key[]): boolean => {
    const last = keys.at(-1)
    if (last === undefined) return false
    const above = keys.slice(0, -1)
    const parent = nodeAt(above)
    if (!isMap(parent) && !isSeq(parent)) return remove(above)
    const index = isSeq(parent) ? Number(last) : parent.items.indexOf(pairAt(parent, last) as never)
    if (!(index >= 0 && index < parent.items.length)) return false
    parent.items.splice(index, 1)
    if (parent.items.length === 0) remove(above)
    return true
  }
  /** Keys of a node by what is around it, outermost first. */
  const keysAround = (node: unknown, around: readonly unknown[]): Key[] => {
    const chain = [...around, node]
    return chain.flatMap((one, index): Key[] => {
      if (isPair(one)) return [keyOf(one.key)]
      const parent = chain[index - 1]
      return isSeq(parent) ? [parent.items.indexOf(one as never)] : []
    })
  }
  return {
    errors: document.errors.map(({ message, pos }) => ({
      offset: pos[0],
      message: message.split(' at line')[0] ?? message,
    })),
    isMap: isMap(document.contents),
    keysOf(path) {
      // JSON pointers write a slash within a name as ~1.
      if (path.startsWith('/')) {
        return keysWithin(
          path
            .slice(1)
            .split('/')
            .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~')),
        )
      }
      return keysWithin(path.split('.').flatMap((part) => part.split(/[[\]]/).filter(Boolean)))
    },
    namesAt(keys) {
      const node = nodeAt(keys)
      return isMap(node) ? node.items.map(({ key }) => keyOf(key)) : []
    },
    offsetOf,
    written(keys) {
      const parts = keys.map((key, index) => {
        const item = typeof key === 'number' ? child(nodeAt(keys.slice(0, index)), key) : undefined
        return typeof key === 'number' ? `[${places.get(item as object) ?? key}]` : `.${key}`
      })
      return parts.join('').replace(/^\./, '')
    },
    placeOf(offset) {
      const { line, col } = lineCounter.linePos(offset)
      return { line, column: col }
    },
    holds(keys, offsets) {
      const node = nodeAt(keys) as Node | undefined
      const [from, , to] = node?.range ?? [0, 0, 0]
      return offsets.some((offset) => offset >= from && offset < to)
    },
    remove,
    set(keys, value) {
      const parent = nodeAt(keys.slice(0, -1))
      if (isMap(parent) || isSeq(parent)) parent.set(keys.at(-1), new Scalar(value))
    },
    find(wanted) {
      const found: Key[][] = []
      visit(document, {
        Scalar(key, node, around) {
          if (key !== 'key' && typeof node.value === 'string' && wanted(node.value))
            found.push(keysAround(node, around))
        },
      })
      return found
    },
    aliasesOfNothing() {
      const found: Key[][] = []
      visit(document, {
        Alias(_key, node, around) {
          if (node.resolve(document) === undefined) found.push(keysAround(node, around))
        },
      })
      return found
    },
    textAt(keys) {
      const node = nodeAt(keys)
      return isScalar(node) ? String(node.value) : ''
    },
    toString: () => String(document),
  }
}
