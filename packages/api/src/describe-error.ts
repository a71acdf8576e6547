/** What is said of an error in telemetry. Reading it never throws and never runs long, whatever was thrown. */
export interface ErrorDescription {
  /** For `error.type`: a status code, an error code, a class name, `timeout`, `cancelled`, else `_OTHER`. */
  readonly type: string
  /** At most 1 KB; empty when there is none. */
  readonly message: string
  /** Class name, for `exception.type`. */
  readonly name: string
  /** Frames only, without the message; at most 4 KB. */
  readonly stack: string | undefined
  /** For `agentel.error.category`. */
  readonly category: ErrorCategory
}

/** The values of `agentel.error.category`. */
export type ErrorCategory = 'api' | 'tool' | 'validation' | 'timeout' | 'rate_limit' | 'other'

/** Exception text comes from providers and may hold prompts: it is never kept whole. */
export const MAX_MESSAGE = 1024
const MAX_STACK = 4096
const MAX_TYPE = 100

/**
 * Describes whatever was thrown: an Error, a frozen object, null, a Proxy, something whose getters throw.
 *
 * @param kind what kind of operation failed, for the category when the error itself does not tell
 */
export function describeError(error: unknown, kind: 'api' | 'tool' | 'other' = 'other'): ErrorDescription {
  const reason = lastAttempt(error) ?? error
  const name = nameOf(reason)
  const type = typeOf(reason, name)
  return {
    type,
    name: reason === error ? name : nameOf(error),
    message: cut(messageOf(error), MAX_MESSAGE),
    stack: framesOf(error),
    category: categoryOf(reason, type, name, kind),
  }
}

/** Whoever gave up after several attempts (`ai`) says why the last one failed: that is what tells one failure from another. */
function lastAttempt(error: unknown): object | undefined {
  const last = read(error, 'lastError')
  return typeof last === 'object' && last !== null && Array.isArray(read(error, 'errors')) ? last : undefined
}

/** The text, at most `max` characters; a cut one ends in an ellipsis. Never splits a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 2)
  const end = last >= 0xd800 && last <= 0xdbff ? max - 2 : max - 1
  return `${text.slice(0, end)}…`
}

/** A property of something unknown; `undefined` when reading it throws. */
function read(holder: unknown, key: string): unknown {
  try {
    return (holder as Record<string, unknown> | null | undefined)?.[key]
  } catch {
    return undefined
  }
}

function readString(holder: unknown, key: string): string | undefined {
  const value = read(holder, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function nameOf(error: unknown): string {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null)
    return error === null ? 'null' : typeof error
  const own = readString(error, 'name')
  const constructor = readString(read(error, 'constructor'), 'name')
  // Many libraries leave `name` at 'Error' and tell their classes apart only by the constructor.
  const name = own === undefined || own === 'Error' ? (constructor ?? own) : own
  return cut(name ?? 'Object', MAX_TYPE)
}

function messageOf(error: unknown): string {
  switch (typeof error) {
    case 'string':
      return error
    case 'object':
    case 'function':
      return readString(error, 'message') ?? ''
    case 'undefined':
      return ''
    default:
      return String(error)
  }
}

const CANCELLED = /^(AbortError|APIUserAbortError|CancelledError|CanceledError|ABORT_ERR|ERR_CANCELED)$/
const TIMEOUT = /(Timeout(Error|Exception)?$)|^(ETIMEDOUT|ESOCKETTIMEDOUT|ERR_.*TIMEOUT|UND_ERR_.*TIMEOUT)$/
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{1,60}$/

function typeOf(error: unknown, name: string): string {
  const code = read(error, 'code')
  const names = [name, code, readString(read(error, 'cause'), 'code'), readString(read(error, 'cause'), 'name')]
  if (names.some((text) => typeof text === 'string' && TIMEOUT.test(text))) return 'timeout'
  if (names.slice(0, 2).some((text) => typeof text === 'string' && CANCELLED.test(text))) return 'cancelled'
  const status = statusOf(error)
  if (status !== undefined) return String(status)
  // An error in the middle of a model's stream has no status: its type is all that tells it from others.
  const apiType = name === 'APIError' ? read(error, 'type') : undefined
  for (const text of [code, readString(read(error, 'cause'), 'code'), apiType]) {
    if (typeof text === 'string' && CODE.test(text)) return text
  }
  const isNamed = typeof error === 'object' && error !== null && name !== 'Object' && CODE.test(name)
  return isNamed ? name : '_OTHER'
}

function statusOf(error: unknown): number | undefined {
  for (const key of ['status', 'statusCode']) {
    const status = read(error, key)
    if (typeof status === 'number' && status >= 400 && status <= 599) return status
  }
  return undefined
}

function categoryOf(error: unknown, type: string, name: string, kind: 'api' | 'tool' | 'other'): ErrorCategory {
  if (type === 'timeout' || type === '408' || type === '504') return 'timeout'
  if (type === '429' || /rate.?limit|too.?many.?requests|throttl/i.test(`${type} ${name}`)) return 'rate_limit'
  if (/^(\$?ZodError|SyntaxError)$|Validation/.test(name) || type === '422') return 'validation'
  if (type === 'cancelled') return 'other'
  if (kind !== 'other') return kind
  return statusOf(error) !== undefined || /^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOST|ENET|UND_ERR)/.test(type)
    ? 'api'
    : 'other'
}

function framesOf(error: unknown): string | undefined {
  const stack = readString(error, 'stack')
  if (stack === undefined) return undefined
  const first = stack.search(/^ {4}at /m)
  return first < 0 ? undefined : cut(stack.slice(first), MAX_STACK)
}
