import type { DatabaseSync } from 'node:sqlite'
import { NUL } from './codes.ts'

const MAX_CACHED = 100_000

/** Numbers for strings that repeat. 0 is the empty string. */
export interface Dictionary {
  id(text: string): number
  /** The number of "first NUL second", for pairs of which there are few. */
  pair(first: string, second: string): number
  /** Forgets what it remembers: after a rollback the numbers given since the start of the transaction do not exist. */
  clear(): void
}

/** The writer's side of the `dict` table. */
export function openDictionary(db: DatabaseSync): Dictionary {
  const find = db.prepare('SELECT id FROM dict WHERE text = ?')
  const add = db.prepare('INSERT INTO dict(text) VALUES(?)')
  const cache = new Map<string, number>()
  const pairs = new Map<string, Map<string, number>>()
  const idOf = (text: string): number => {
    if (text === '') return 0
    const known = cache.get(text)
    if (known !== undefined) return known
    const row = find.get(text)
    const id = Number(row === undefined ? add.run(text).lastInsertRowid : row.id)
    if (cache.size >= MAX_CACHED) {
      cache.clear()
      pairs.clear()
    }
    cache.set(text, id)
    return id
  }
  return {
    id: idOf,
    pair(first, second) {
      let seconds = pairs.get(first)
      if (seconds === undefined) pairs.set(first, (seconds = new Map()))
      let id = seconds.get(second)
      if (id === undefined) seconds.set(second, (id = idOf(`${first}${NUL}${second}`)))
      return id
    },
    clear() {
      cache.clear()
      pairs.clear()
    },
  }
}

/** The reader's side: the string of a number; '' for 0 and for numbers that do not exist. */
export function openDictionaryReader(db: DatabaseSync): (id: number) => string {
  const find = db.prepare('SELECT text FROM dict WHERE id = ?')
  const cache = new Map<number, string>()
  return (id) => {
    if (id === 0) return ''
    const known = cache.get(id)
    if (known !== undefined) return known
    const text = find.get(id)?.text
    if (typeof text !== 'string') return ''
    if (cache.size >= MAX_CACHED) cache.clear()
    cache.set(id, text)
    return text
  }
}
