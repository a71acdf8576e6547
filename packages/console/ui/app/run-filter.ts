/** Filters of the run list: the URL's parameters, the search expression and the chips are three forms of one thing. */
import type { FacetName } from '../../src/api/contract.ts'
import type { Parameters } from './router.ts'

/** Facets that the list shows, in this order. */
export const FACETS: readonly FacetName[] = ['status', 'agent', 'model', 'tool', 'error', 'user', 'session', 'service']

const NUMBERS: Record<string, { min: string; max?: string; read: (text: string) => number }> = {
  duration: { min: 'minDuration', max: 'maxDuration', read: readDuration },
  cost: { min: 'minCost', max: 'maxCost', read: (text) => Number(text.replace(/^\$/, '')) },
  tokens: { min: 'minTokens', read: readCount },
}

/** Names of every parameter that narrows the list. */
export const FILTER_PARAMETERS: readonly string[] = [
  ...FACETS,
  ...Object.values(NUMBERS).flatMap(({ min, max }) => (max ? [min, max] : [min])),
  'text',
]

/** Milliseconds of `900ms`, `12s`, `2m`, `1h`; a bare number is seconds. NaN when it is none of these. */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(text.trim())
  if (!match) return Number.NaN
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[(match[2] ?? 's') as 's']
}

function readCount(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(k|M)?$/.exec(text.trim())
  return match ? Number(match[1]) * (match[2] === 'M' ? 1e6 : match[2] === 'k' ? 1e3 : 1) : Number.NaN
}

const TOKEN = /(-?)([a-z]+)(:|>=?|<=?)("[^"]*"|\S+)|"[^"]*"|\S+/g

/**
 * Reads `status:error agent:researcher -model:gpt-4o cost>0.05 duration>10s "timed out"`. What is no filter is text to search.
 * A filter that is already in `before` is added to, not replaced.
 */
export function readExpression(expression: string, before: URLSearchParams): Parameters {
  const found: Record<string, string[]> = {}
  const words: string[] = []
  for (const [token, minus, key, operator, quoted] of expression.matchAll(TOKEN)) {
    const value = quoted?.replaceAll('"', '') ?? ''
    const name = FACETS.find((facet) => facet === key)
    const number = key ? NUMBERS[key] : undefined
    if (operator === ':' && name) {
      found[name] ??= before.getAll(name)
      found[name].push(minus ? `!${value}` : value)
    } else if (number && operator !== ':' && !Number.isNaN(number.read(value))) {
      const parameter = operator!.startsWith('>') ? number.min : number.max
      if (parameter) found[parameter] = [String(number.read(value))]
    } else words.push(token)
  }
  return { ...found, text: words.join(' ') }
}

/** The filter part of a query, for the API. */
export function filterOf(query: URLSearchParams): Record<string, string[]> {
  const filter: Record<string, string[]> = {}
  for (const name of FILTER_PARAMETERS) {
    const values = query.getAll(name)
    if (values.length > 0) filter[name] = values
  }
  return filter
}

/** The values of a facet with one of them included, excluded, or (when it was there already) taken out. */
export function toggled(values: readonly string[], value: string, exclude = false): string[] {
  const wanted = exclude ? `!${value}` : value
  const rest = values.filter((other) => other !== value && other !== `!${value}`)
  return values.includes(wanted) ? rest : [...rest, wanted]
}
