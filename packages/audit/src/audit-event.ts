/** Something that happened, as the application or an OpenTelemetry log record says it. */
export interface AuditEvent {
  /** What it is: the record's event name. */
  readonly event: string
  /** When it happened, in milliseconds since 1970; now by default. */
  readonly time?: number | undefined
  /** OpenTelemetry's severity number, 1 to 24; 9 (INFO) by default. */
  readonly severity?: number | undefined
  readonly agent?: string | undefined
  /** Personal, like session and conversation: `forget` takes it away. */
  readonly user?: string | undefined
  readonly session?: string | undefined
  readonly conversation?: string | undefined
  readonly trace?: string | undefined
  readonly span?: string | undefined
  /** Everything else that is known. It is kept apart, so that it can be erased and the chain still verifies. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
}

/** An event on its way to the file: plain values that cross to the writing thread as they are. */
export interface AuditRow {
  readonly time: number
  readonly event: string
  readonly severity: number
  readonly agent: string | null
  readonly user: string | null
  readonly session: string | null
  readonly conversation: string | null
  readonly trace: string | null
  readonly span: string | null
  /** JSON of attributes and body. */
  readonly payload: string
}

/** The record of the log itself: a user was forgotten. Its payload names the rows, never the user. */
export const ERASED_EVENT = 'audit.erased'
/** The record of the log itself: old rows were taken away. Its payload names the last one and its hash. */
export const PRUNED_EVENT = 'audit.pruned'

const INFO = 9
/** OpenTelemetry's highest number of a severity. */
const MAX_SEVERITY = 24
/** The last moment that a Date has. */
const MAX_TIME = 8.64e15
const MAX_TEXT = 8192
const MAX_PAYLOAD = 65_536

/**
 * Makes the row of an event. Text beyond 8,192 characters is cut, and a payload beyond 64 K gives way to its length. A
 * time or severity that is none gives way to now and INFO: one event must not end the log for all.
 */
export function auditRow(event: AuditEvent): AuditRow {
  const text = (value: string | undefined): string | null => (value === undefined ? null : columnText(String(value)))
  const payload = JSON.stringify({ attributes: event.attributes ?? {}, body: event.body }, plainValue)
  return {
    time: within(MAX_TIME, event.time) ?? Date.now(),
    event: columnText(String(event.event)),
    severity: within(MAX_SEVERITY, event.severity) ?? INFO,
    agent: text(event.agent),
    user: text(event.user),
    session: text(event.session),
    conversation: text(event.conversation),
    trace: text(event.trace),
    span: text(event.span),
    payload: payload.length > MAX_PAYLOAD ? JSON.stringify({ attributes: {}, leftOut: payload.length }) : payload,
  }
}

/** As the file has it: SQLite keeps no half of a surrogate pair, and the hash must be of what can be read again. */
export function columnText(text: string): string {
  return cut(text).toWellFormed()
}

function within(max: number, value: number | undefined): number | undefined {
  const whole = Math.trunc(Number(value ?? Number.NaN))
  return whole >= 0 && whole <= max ? whole : undefined
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}

function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return cut(value)
  return typeof value === 'bigint' ? String(value) : value
}
