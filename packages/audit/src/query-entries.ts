import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { parsePayload } from './parse-payload.ts'

type OneOrMore<T> = T | readonly T[]

/** Which rows; every field that is given must match, and one of the values of a list does. */
export interface AuditFilter {
  readonly event?: OneOrMore<string>
  readonly agent?: OneOrMore<string>
  readonly user?: OneOrMore<string>
  readonly session?: OneOrMore<string>
  readonly trace?: OneOrMore<string>
  /** OpenTelemetry's severity numbers, 1 to 24. */
  readonly severity?: OneOrMore<number>
  /** At this severity or above. */
  readonly minSeverity?: number
  /** Milliseconds since 1970, included. */
  readonly from?: number
  /** Milliseconds since 1970, not included. */
  readonly to?: number
  /** 1,000 by default; a summary has none. */
  readonly limit?: number
  readonly offset?: number
  /** Rows that come after this one, the last of a page: a page that begins so neither repeats nor misses what was there. */
  readonly after?: Pick<AuditEntry, 'time' | 'sequence'>
}

/** A row of the log. */
export interface AuditEntry {
  readonly sequence: number
  readonly time: number
  readonly event: string
  readonly severity: number
  readonly agent: string | null
  readonly user: string | null
  readonly session: string | null
  readonly conversation: string | null
  readonly trace: string | null
  readonly span: string | null
  readonly attributes: Readonly<Record<string, unknown>>
  readonly body?: unknown
  /** The user it belonged to was forgotten: only what is not personal is left. */
  readonly erased: boolean
}

/** Numbers of rows. */
export interface AuditSummary {
  readonly total: number
  readonly byEvent: Readonly<Record<string, number>>
  /** Rows without an agent are under the empty name. */
  readonly byAgent: Readonly<Record<string, number>>
  readonly bySeverity: Readonly<Record<string, number>>
}

const DEFAULT_LIMIT = 1000
const NEWEST_FIRST = 'ORDER BY time DESC, sequence DESC'
/** Of a list with more values, all are asked for at once. */
const MAX_PARTS = 50

const CHOSEN = ['event', 'agent', 'user', 'session', 'trace', 'severity'] as const
type Column = (typeof CHOSEN)[number]

const INFO = 9
/** Of OpenTelemetry. */
const SEVERITIES: readonly number[] = Array.from({ length: 24 }, (_, index) => index + 1)
const NUMBERS = ['sequence', 'time', 'severity']
const COLUMNS = ['sequence', 'time', 'event', 'severity', 'agent', 'user', 'session', 'conversation', 'trace', 'span']

/**
 * The rows that pass the filter, the newest first. @throws RangeError when limit or offset is no whole number
 * @internal
 */
export function queryEntries(db: DatabaseSync, filter: AuditFilter): AuditEntry[] {
  const limit = wholeNumber('limit', filter.limit ?? DEFAULT_LIMIT)
  const offset = wholeNumber('offset', filter.offset ?? 0)
  const { chosen, values } = chosenBy(filter, limit, offset)
  // The rows are chosen by their indexes alone: those that the offset passes over need not be read.
  const rows = db
    .prepare(
      `SELECT ${COLUMNS.map(selected).join(', ')}, contents.payload
      FROM (${chosen} ${NEWEST_FIRST} LIMIT ? OFFSET ?) AS chosen
      JOIN entries USING (sequence) LEFT JOIN contents USING (sequence)
      ORDER BY chosen.time DESC, chosen.sequence DESC`,
    )
    .all(...values, limit, offset)
  return rows.map((row) => entryOf(row as unknown as StoredEntry))
}

/** A whole number that was tampered with may be too large to be read; as a real number it never is. */
function selected(column: string): string {
  return NUMBERS.includes(column) ? `CAST(entries.${column} AS REAL) AS ${column}` : `entries.${column}`
}

/** Times and sequence numbers. Of a list each value is asked for by itself, for an index gives only those in order. */
function chosenBy(filter: AuditFilter, limit: number, offset: number): { chosen: string; values: SQLInputValue[] } {
  const parts = partsOf(filter).map(({ filter: part, by }) => conditionsOf(part, by))
  const [only, ...more] = parts
  if (only !== undefined && more.length === 0)
    return { chosen: `SELECT time, sequence FROM entries ${only.where}`, values: only.values }
  const newest = ({ where }: { where: string }) =>
    `SELECT * FROM (SELECT time, sequence FROM entries ${where} ${NEWEST_FIRST} LIMIT ?)`
  return {
    chosen: `SELECT * FROM (${parts.map(newest).join(' UNION ALL ')})`,
    values: parts.flatMap(({ values }) => [...values, limit + offset]),
  }
}

/** A filter, and the column whose index is to be gone through: it gives the rows in order, and knows the columns after it. */
interface Part {
  readonly filter: AuditFilter
  readonly by?: Column
}

/** One filter for each value of the column with the fewest rows; together they let the same rows pass. */
function partsOf(given: AuditFilter): Part[] {
  const filter = withSeverities(given)
  const severities = [filter.severity ?? []].flat()
  const rare = severities.every((severity) => severity > INFO)
  const last: readonly Column[] = rare ? ['severity', 'agent', 'event'] : ['agent', 'event', 'severity']
  for (const by of ['trace', 'session', 'user', ...last] as const) {
    const values = new Set([filter[by] ?? []].flat())
    if (values.size > 0 && values.size <= MAX_PARTS)
      return [...values].map((value) => ({ filter: { ...filter, [by]: value }, by }))
  }
  return [{ filter }]
}

/** Above INFO there are few rows: to ask for each severity is faster than to look at all rows. */
function withSeverities({ minSeverity, ...filter }: AuditFilter): AuditFilter {
  if (minSeverity === undefined) return filter
  if (minSeverity <= INFO) return { ...filter, minSeverity }
  const among = filter.severity === undefined ? SEVERITIES : [filter.severity].flat()
  return { ...filter, severity: among.filter((severity) => severity >= minSeverity) }
}

/**
 * How many rows pass the filter.
 * @internal
 */
export function summarise(db: DatabaseSync, filter: AuditFilter): AuditSummary {
  const { where, values } = conditionsOf(filter)
  const groups = db
    .prepare(`SELECT event, agent, severity, count(*) AS n FROM entries ${where} GROUP BY event, agent, severity`)
    .all(...values) as { event: string; agent: string | null; severity: number; n: number }[]
  const by = (key: (group: (typeof groups)[number]) => string): Record<string, number> => {
    const counts = new Map<string, number>()
    for (const group of groups) counts.set(key(group), (counts.get(key(group)) ?? 0) + group.n)
    return Object.fromEntries(counts)
  }
  return {
    total: groups.reduce((sum, { n }) => sum + n, 0),
    byEvent: by(({ event }) => event),
    byAgent: by(({ agent }) => agent ?? ''),
    bySeverity: by(({ severity }) => String(severity)),
  }
}

type StoredEntry = Omit<AuditEntry, 'attributes' | 'body' | 'erased'> & { readonly payload: string | null }

function entryOf({ payload, ...entry }: StoredEntry): AuditEntry {
  if (payload === null) return { ...entry, attributes: {}, erased: true }
  const { attributes = {}, body } = parsePayload(payload) ?? {}
  return { ...entry, attributes, ...(body === undefined ? undefined : { body }), erased: false }
}

/** @param by the column whose index is gone through; a plus keeps SQLite, which knows no numbers of rows, from another's */
function conditionsOf(filter: AuditFilter, by?: Column): { where: string; values: SQLInputValue[] } {
  const conditions: string[] = []
  const values: SQLInputValue[] = []
  const add = (condition: string, ...given: readonly SQLInputValue[]): void => {
    conditions.push(condition)
    values.push(...given)
  }
  for (const column of CHOSEN) {
    const wanted = filter[column]
    if (wanted === undefined) continue
    const list = [wanted].flat() as SQLInputValue[]
    add(`${by === undefined || by === column ? '' : '+'}${column} IN (${list.map(() => '?').join(', ')})`, ...list)
  }
  if (filter.minSeverity !== undefined) add('severity >= ?', filter.minSeverity)
  if (filter.from !== undefined) add('time >= ?', filter.from)
  if (filter.to !== undefined) add('time < ?', filter.to)
  if (filter.after !== undefined) add('(time, sequence) < (?, ?)', filter.after.time, filter.after.sequence)
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values }
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new RangeError(`${name} is ${value}; it must be a whole number from 0 up.`)
}
