/**
 * Prices of models by their exact names as one text, which the collector searches for a name: a condition for each name costs
 * as much as the search through all of them.
 */
import { exactNames, type Match, matches } from './price-matches.ts'

/** A model as far as it is looked up by name. */
export interface NamedModel {
  readonly match: Match
  /** US dollars for a million tokens: input, output, read from a cache, written to it; nothing when they depend on the length. */
  readonly rates: readonly number[] | undefined
}

/** Digits of a rate, so that each row has the same length and begins where it is known. */
const WIDTH = 11
const text = (rate: number): string => rate.toFixed(6).padStart(WIDTH, '0')

/** Those names for which the prices are the same for every length; of several models that match, the first counts. */
export function rowsOf(models: readonly NamedModel[]): ReadonlyMap<string, readonly number[]> {
  const names = new Set(models.flatMap(({ match }) => exactNames(match)))
  const rows = [...names].map((name) => [name, models.find(({ match }) => matches(match, name))?.rates] as const)
  return new Map(rows.filter((row): row is readonly [string, readonly number[]] => row[1] !== undefined))
}

/** Statements that set `cache["rates"]` for a model of the table; `guard` begins with ` and `, or is empty. */
export function lookUp(rows: ReadonlyMap<string, readonly number[]>, guard: string): string[] {
  if (rows.size === 0) return []
  const list = [...rows].map(([name, rates]) => `${name}=${rates.map(text).join(',')}`)
  const table = JSON.stringify(`|${list.join('|')}|`)
  const length = WIDTH * 4 + 3
  const rate = (index: number): string => `Double(Substring(span.cache["row"], ${index * (WIDTH + 1)}, ${WIDTH}))`
  return [
    `set(span.cache["at"], Index(${table}, span.cache["sought"])) where span.cache["rates"] == nil and span.cache["sought"] != nil${guard}`,
    `set(span.cache["row"], Substring(${table}, span.cache["at"] + Len(span.cache["sought"]), ${length})) where span.cache["rates"] == nil and span.cache["at"] >= 0${guard}`,
    `set(span.cache["rates"], {"i": ${rate(0)}, "o": ${rate(1)}, "r": ${rate(2)}, "w": ${rate(3)}}) where span.cache["rates"] == nil and span.cache["row"] != nil`,
  ]
}
