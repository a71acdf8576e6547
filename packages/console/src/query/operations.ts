import type { OperationList, SpanType } from '../api/contract.ts'
import { SPAN_TYPES, TYPE_CODES } from '../store/codes.ts'
import { BadQuery } from './bad-query.ts'
import { rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'
import { hexOf } from './trace-summary.ts'

/** Spans are read of so many of the newest traces: names of operations have no roll-up of their own. */
const MAX_TRACES = 1000
const MAX_ROWS = 200
/** Kinds of spans by OTLP's number. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

interface Group {
  readonly name: number
  readonly type: number
  readonly kind: number
  readonly service: number
  errors: number
  lastSeen: number
  traceId: unknown
  readonly durations: number[]
}

function typesOf(query: URLSearchParams): number[] {
  return query.getAll('type').map((type) => {
    const code = TYPE_CODES[type as SpanType] as number | undefined
    if (code === undefined) throw new BadQuery(`type=${type}: give one of ${SPAN_TYPES.join(', ')}`)
    return code
  })
}

/** Milliseconds at a share of sorted microseconds. */
function at(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]
  return value === undefined ? null : value / 1000
}

function rowOf(reader: Reader, group: Group): OperationList['rows'][number] {
  const sorted = group.durations.toSorted((a, b) => a - b)
  const sum = sorted.reduce((a, b) => a + b, 0)
  return {
    name: reader.text(group.name),
    type: SPAN_TYPES[group.type] ?? 'other',
    kind: KINDS[group.kind] ?? 'unspecified',
    service: reader.text(group.service) || null,
    lastSeen: group.lastSeen / 1000,
    traceId: hexOf(group.traceId as never),
    count: sorted.length,
    errors: group.errors,
    meanDuration: sorted.length === 0 ? null : sum / sorted.length / 1000,
    p50: at(sorted, 0.5),
    p95: at(sorted, 0.95),
    p99: at(sorted, 0.99),
  }
}

/** `GET /api/operations`: spans of some types by their names. */
export function listOperations(reader: Reader, query: URLSearchParams): OperationList {
  const range = rangeOf(query)
  const types = typesOf(query)
  const service = query.get('service')
  const newest = reader.rows(
    'SELECT tr FROM traces WHERE start >= ? AND start < ? ORDER BY start DESC LIMIT ?',
    range.from * 1000,
    range.to * 1000,
    MAX_TRACES + 1,
  )
  const numbers = newest.slice(0, MAX_TRACES).map(([tr]) => Number(tr))
  const ofType = types.length === 0 ? '' : `AND s.type IN (${types.join(',')})`
  const ofService = service === null ? '' : `AND s.service = ${reader.idOf(service) ?? -1}`
  const rows = reader.rows(
    `SELECT s.name, s.type, s.kind, s.service, s.status, s.start, s.duration, t.trace_id FROM json_each(?) n
      CROSS JOIN spans s ON s.tr = n.value CROSS JOIN traces t ON t.tr = s.tr WHERE 1 ${ofType} ${ofService}`,
    JSON.stringify(numbers),
  )
  const groups = new Map<string, Group>()
  for (const [name, type, kind, of, status, start, duration, traceId] of rows) {
    const key = `${name} ${type} ${kind} ${of}`
    let group = groups.get(key)
    if (group === undefined) {
      const ids = { name: Number(name), type: Number(type), kind: Number(kind), service: Number(of) }
      groups.set(key, (group = { ...ids, errors: 0, lastSeen: -1, traceId, durations: [] }))
    }
    group.durations.push(Number(duration))
    if (Number(status) === 2) group.errors++
    if (Number(start) <= group.lastSeen) continue
    group.lastSeen = Number(start)
    group.traceId = traceId
  }
  const found = [...groups.values()].toSorted((a, b) => b.durations.length - a.durations.length)
  return {
    range,
    rows: found.slice(0, MAX_ROWS).map((group) => rowOf(reader, group)),
    counted: numbers.length,
    exact: newest.length <= MAX_TRACES,
  }
}
