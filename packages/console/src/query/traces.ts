import type { FacetName, Facets, TraceList, TraceSort } from '../api/contract.ts'
import { FACET_DIMS, TRACE_STATUSES } from '../store/codes.ts'
import { BadQuery } from './bad-query.ts'
import { choiceOf, cursorOf, limitOf, writeCursor } from './parameters.ts'
import type { Reader } from './reader.ts'
import { traceFilter } from './trace-filter.ts'
import { SUMMARY_COLUMNS, SUMMARY_WIDTH, summaryOf } from './trace-summary.ts'

const MAX_COUNTED = 10_000
const MAX_FACETED = 1000
const MAX_VALUES = 20

const SORTS: Readonly<Record<TraceSort, string>> = {
  time: 't.start',
  duration: '(t.end - t.start)',
  cost: 't.cost',
  tokens: '(t.input_tokens + t.output_tokens)',
  spans: 't.spans',
  errors: 't.errors',
}

/** `GET /api/traces` */
export function listTraces(reader: Reader, query: URLSearchParams): TraceList {
  const started = performance.now()
  const filter = traceFilter(reader, query)
  const sort = SORTS[choiceOf(query, 'sort', Object.keys(SORTS) as TraceSort[], 'time')]
  const order = choiceOf(query, 'order', ['asc', 'desc'], 'desc')
  const limit = limitOf(query, 50)
  const cursor = cursorOf(query)
  if (cursor !== undefined && cursor.length !== 2) throw new BadQuery('cursor is not one of this list')
  const after = cursor === undefined ? '' : ` AND (${sort}, t.tr) ${order === 'asc' ? '>' : '<'} (?, ?)`
  const rows = reader.rows(
    `SELECT ${SUMMARY_COLUMNS}, ${sort}, t.tr ${filter.sql}${after} ORDER BY ${sort} ${order}, t.tr ${order} LIMIT ?`,
    ...filter.values,
    ...(cursor ?? []),
    limit + 1,
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const counted = reader.row(`SELECT count(*) FROM (SELECT 1 ${filter.sql} LIMIT ${MAX_COUNTED})`, ...filter.values)
  const total = Number(counted?.[0])
  return {
    range: filter.range,
    traces: page.map((row) => summaryOf(reader, row)),
    nextCursor:
      rows.length > limit && last !== undefined
        ? writeCursor(Number(last[SUMMARY_WIDTH]), Number(last[SUMMARY_WIDTH + 1]))
        : null,
    total,
    totalExact: total < MAX_COUNTED,
    tookMs: performance.now() - started,
  }
}

type Values = { value: string; count: number; errors: number }[]

/** `GET /api/facets` */
export function countFacets(reader: Reader, query: URLSearchParams): Facets {
  const filter = traceFilter(reader, query)
  const found = reader.rows(
    `SELECT t.tr, t.status ${filter.sql} ORDER BY t.start DESC LIMIT ${MAX_FACETED + 1}`,
    ...filter.values,
  )
  const counted = found.slice(0, MAX_FACETED)
  const trs = JSON.stringify(counted.map(([tr]) => tr))
  const failed = JSON.stringify(counted.filter(([, status]) => status === 2).map(([tr]) => tr))
  const sql = `SELECT f.dim, f.key, count(*) FROM json_each(?) j CROSS JOIN trace_facets f INDEXED BY trace_facets_tr ON f.tr = j.value
    GROUP BY f.dim, f.key`
  const errors = new Map(reader.rows(sql, failed).map(([dim, key, n]) => [`${dim} ${key}`, Number(n)]))
  const byDim = new Map<number, { key: number; count: number; errors: number }[]>()
  for (const [dim, key, n] of reader.rows(sql, trs)) {
    let list = byDim.get(Number(dim))
    if (list === undefined) byDim.set(Number(dim), (list = []))
    list.push({ key: Number(key), count: Number(n), errors: errors.get(`${dim} ${key}`) ?? 0 })
  }
  const statuses = TRACE_STATUSES.map((value, code) => {
    const count = counted.filter(([, status]) => status === code).length
    return { value, count, errors: value === 'error' ? count : 0 }
  }).filter(({ count }) => count > 0)
  const facets: Record<string, Values> = { status: statuses }
  for (const [name, dim] of Object.entries(FACET_DIMS)) {
    facets[name] = (byDim.get(dim) ?? [])
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MAX_VALUES)
      .map(({ key, count, errors: n }) => ({ value: reader.text(key), count, errors: n }))
  }
  return {
    range: filter.range,
    facets: facets as Record<FacetName, Values>,
    counted: counted.length,
    exact: found.length <= MAX_FACETED,
  }
}
