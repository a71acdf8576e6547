import type { AuditFilter } from '@agentel/audit'
import type { AuditSource } from '../alerts/audit-source.ts'
import type { AuditList, AuditTotals, AuditVerification } from '../api/contract.ts'
import { BadQuery } from './bad-query.ts'
import { numberOf, rangeOf } from './parameters.ts'

const MOST = 1000

function wholeNumber(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const value = numberOf(query, name) ?? otherwise
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new BadQuery(`${name}=${value}: give a whole number from 0 to ${most}`)
  return value
}

/** Without `from` and `to` the whole log; a filter that is repeated takes any of its values. */
function filterOf(query: URLSearchParams): AuditFilter {
  const list = (name: string): string[] | undefined => (query.has(name) ? query.getAll(name) : undefined)
  const range = query.has('from') || query.has('to') ? rangeOf(query) : {}
  const severity = list('severity')?.map(Number)
  const minSeverity = numberOf(query, 'minSeverity')
  const texts = { event: list('event'), agent: list('agent'), user: list('user'), session: list('session') }
  return {
    ...range,
    ...Object.fromEntries(Object.entries(texts).filter(([, values]) => values !== undefined)),
    ...(query.has('traceId') ? { trace: query.getAll('traceId') } : {}),
    ...(severity === undefined ? {} : { severity }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
  }
}

/** The row after which a page begins, as `TIME-SEQUENCE`. */
function rowOf(query: URLSearchParams): AuditFilter['after'] {
  const text = query.get('cursor')
  if (text === null) return undefined
  const [, time, sequence] = /^(\d{1,15}(?:\.\d{1,6})?)-(\d{1,15})$/.exec(text) ?? []
  if (time === undefined || sequence === undefined)
    throw new BadQuery(`cursor=${text}: give the nextCursor of the page before`)
  return { time: Number(time), sequence: Number(sequence) }
}

/** `GET /api/audit` */
export function auditEntries(audit: AuditSource, query: URLSearchParams): AuditList {
  const reader = audit.reader()
  const limit = wholeNumber(query, 'limit', 100, MOST)
  const offset = wholeNumber(query, 'offset', 0, 1e9)
  const after = rowOf(query)
  if (reader === undefined) return { file: null, entries: [], nextCursor: null }
  const entries = reader.query({ ...filterOf(query), limit, offset, ...(after === undefined ? {} : { after }) })
  const last = entries.length === limit ? entries.at(-1) : undefined
  return { file: audit.file, entries, nextCursor: last === undefined ? null : `${last.time}-${last.sequence}` }
}

/** `GET /api/audit/summary` */
export function auditTotals(audit: AuditSource, query: URLSearchParams): AuditTotals {
  const reader = audit.reader()
  if (reader === undefined) return { file: null, total: 0, byEvent: {}, byAgent: {}, bySeverity: {} }
  return { file: audit.file, ...reader.summary(filterOf(query)) }
}

/** `GET /api/audit/verify` */
export function auditVerification(audit: AuditSource): AuditVerification {
  const reader = audit.reader()
  return reader === undefined ? { file: null, verification: null } : { file: audit.file, verification: reader.verify() }
}
