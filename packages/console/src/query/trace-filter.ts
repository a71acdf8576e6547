import type { ResolvedRange } from '../api/contract.ts'
import { FACET_DIMS, TRACE_STATUSES } from '../store/codes.ts'
import { BadQuery } from './bad-query.ts'
import { numberOf, rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'
import { tracesWithText } from './text-search.ts'

/** A value that so few traces have is where the search begins; else it goes through the window. */
const FEW = 3000

/** A filter as SQL over `traces t`. */
export interface TraceFilterSql {
  readonly range: ResolvedRange
  /** `FROM ... WHERE ...` */
  readonly sql: string
  readonly values: readonly (number | string)[]
}

interface Clause {
  readonly sql: string
  readonly values: readonly (number | string)[]
}

const NUMBER_FILTERS: readonly (readonly [name: string, sql: string, factor: number])[] = [
  ['minDuration', 't.end - t.start >= ?', 1000],
  ['maxDuration', 't.end - t.start <= ?', 1000],
  ['minCost', '(t.priced > 0 AND t.cost >= ?)', 1],
  ['maxCost', '(t.priced > 0 AND t.cost <= ?)', 1],
  ['minTokens', 't.input_tokens + t.output_tokens >= ?', 1],
]

function statusClause(query: URLSearchParams): Clause[] {
  const wanted = query.getAll('status')
  if (wanted.length === 0) return []
  const codes = (values: readonly string[]): number[] =>
    values.map((value) => {
      const code = TRACE_STATUSES.findIndex((status) => status === value)
      if (code === -1) throw new BadQuery(`status=${value}: give one of ${TRACE_STATUSES.join(', ')}`)
      return code
    })
  const any = codes(wanted.filter((v) => !v.startsWith('!')))
  const none = codes(wanted.filter((v) => v.startsWith('!')).map((v) => v.slice(1)))
  return [
    ...(any.length > 0 ? [{ sql: `t.status IN (${any.join(',')})`, values: [] }] : []),
    ...(none.length > 0 ? [{ sql: `t.status NOT IN (${none.join(',')})`, values: [] }] : []),
  ]
}

function keysOf(reader: Reader, values: readonly string[]): number[] {
  return values.map((value) => reader.idOf(value)).filter((id) => id !== undefined)
}

/** For a facet with few traces: begin there. */
interface Start {
  readonly dim: number
  readonly keys: readonly number[]
}

function facetClauses(reader: Reader, query: URLSearchParams): { clauses: Clause[]; start: Start | undefined } {
  const clauses: Clause[] = []
  let start: Start | undefined
  let fewest = FEW
  for (const [name, dim] of Object.entries(FACET_DIMS)) {
    const values = query.getAll(name)
    const any = values.filter((v) => !v.startsWith('!'))
    const none = keysOf(
      reader,
      values.filter((v) => v.startsWith('!')).map((v) => v.slice(1)),
    )
    const exists = (keys: readonly number[]): string =>
      `EXISTS (SELECT 1 FROM trace_facets f WHERE f.dim = ${dim} AND f.key IN (${keys.join(',')}) AND f.tr = t.tr)`
    if (none.length > 0) clauses.push({ sql: `NOT ${exists(none)}`, values: [] })
    if (any.length === 0) continue
    const keys = keysOf(reader, any)
    clauses.push({ sql: keys.length === 0 ? '0' : exists(keys), values: [] })
    if (keys.length === 0) continue
    const counted = reader.row(
      `SELECT count(*) FROM (SELECT 1 FROM trace_facets WHERE dim = ? AND key IN (${keys.join(',')}) LIMIT ${fewest})`,
      dim,
    )
    if (Number(counted?.[0]) >= fewest) continue
    fewest = Number(counted?.[0])
    start = { dim, keys }
  }
  return { clauses, start }
}

/** Reads a {@link TraceFilter} from the query. */
export function traceFilter(reader: Reader, query: URLSearchParams): TraceFilterSql {
  const range = rangeOf(query)
  const { clauses, start } = facetClauses(reader, query)
  clauses.push(...statusClause(query))
  for (const [name, sql, factor] of NUMBER_FILTERS) {
    const value = numberOf(query, name)
    if (value !== undefined) clauses.push({ sql, values: [value * factor] })
  }
  const text = query.get('text')?.trim() ?? ''
  let from = 'traces t'
  const head: (number | string)[] = []
  if (text !== '') {
    from = 'json_each(?) j CROSS JOIN traces t ON t.tr = j.value'
    head.push(JSON.stringify(tracesWithText(reader, text)))
  } else if (start !== undefined) {
    const { dim, keys } = start
    from = `(SELECT DISTINCT tr FROM trace_facets WHERE dim = ${dim} AND key IN (${keys.join(',')})) s CROSS JOIN traces t ON t.tr = s.tr`
  }
  const where = ['t.start >= ?', 't.start < ?', ...clauses.map((clause) => clause.sql)].join(' AND ')
  return {
    range,
    sql: `FROM ${from} WHERE ${where}`,
    values: [...head, range.from * 1000, range.to * 1000, ...clauses.flatMap((clause) => clause.values)],
  }
}
