import type { ResolvedRange } from '../api/contract.ts'
import { BadQuery } from './bad-query.ts'

const DEFAULT_WINDOW = 3_600_000
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

function time(text: string, name: string, now: number): number {
  const relative = /^-(\d+)([smhdw])$/.exec(text)
  if (relative !== null) return now - Number(relative[1]) * UNITS[relative[2]!]!
  const value = Number(text)
  if (text !== '' && Number.isFinite(value) && value >= 0 && value < 4e12) return value
  throw new BadQuery(`${name}=${text}: give milliseconds since 1970, or an age such as -30m, -6h, -7d`)
}

/** The window that `from` and `to` ask for; without them, the last hour. Milliseconds. */
export function rangeOf(query: URLSearchParams, now: number = Date.now()): ResolvedRange {
  const to = query.has('to') ? time(query.get('to')!, 'to', now) : now
  const from = query.has('from') ? time(query.get('from')!, 'from', now) : to - DEFAULT_WINDOW
  if (from > to) throw new BadQuery(`from is after to (${from} > ${to})`)
  return { from, to }
}

/** A number, or undefined when the parameter is absent. */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  const value = Number(text)
  if (!Number.isFinite(value)) throw new BadQuery(`${name}=${text} is not a number`)
  return value
}

/** `limit`, between 1 and 500. */
export function limitOf(query: URLSearchParams, otherwise: number): number {
  const limit = numberOf(query, 'limit') ?? otherwise
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new BadQuery(`limit=${limit}: give 1 to 500`)
  return limit
}

/** One of several words, or the default when the parameter is absent. */
export function choiceOf<T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly T[],
  otherwise: T,
): T {
  const text = query.get(name)
  if (text === null) return otherwise
  const choice = choices.find((c) => c === text)
  if (choice === undefined) throw new BadQuery(`${name}=${text}: give one of ${choices.join(', ')}`)
  return choice
}

/** Reads a cursor made by {@link writeCursor}; undefined when absent. */
export function cursorOf(query: URLSearchParams): readonly number[] | undefined {
  const text = query.get('cursor')
  if (text === null || text === '') return undefined
  const numbers = text.split('_').map(Number)
  if (numbers.length > 4 || !numbers.every(Number.isFinite)) throw new BadQuery(`cursor=${text} is not one of ours`)
  return numbers
}

/** A cursor for the page after a row with these sort values. */
export function writeCursor(...values: number[]): string {
  return values.join('_')
}
