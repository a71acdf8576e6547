import { inspect } from 'node:util'
import { type Context, context as contextApi, trace } from '@opentelemetry/api'
import { emitLogLine, SEVERITY } from '@agentel/api'
import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '@agentel/semconv'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Which lines become log records. */
export interface LineOptions {
  /** OpenTelemetry's severity number below which a line is left out: 1 trace, 5 debug, 9 info, 13 warn, 17 error. */
  readonly minSeverity?: number
  /** Share of the lines that are kept, 0 to 1, below info and of info. Warnings and errors are always kept. */
  readonly sample?: { readonly debug?: number; readonly info?: number }
}

/** A line as a logger tells it. */
export interface Line {
  readonly severity: number
  /** The logger's own word for it. */
  readonly level: string
  readonly message: unknown
  readonly fields: Readonly<Record<string, unknown>>
  /** Milliseconds since the epoch; now by default. */
  readonly time?: number | undefined
  /** Whose line it is; the active context by default. */
  readonly context?: Context | undefined
}

let dropped = 0

/** How many lines the sampling left out so far, in this process. */
export function droppedLines(): number {
  return dropped
}

/** Lines of one trace are kept or left out together. */
function isKept(share: number, context: Context): boolean {
  if (share >= 1) return true
  const traceId = trace.getSpanContext(context)?.traceId
  const place = traceId === undefined ? Math.random() : Number.parseInt(traceId.slice(-8), 16) / 2 ** 32
  return place < share
}

function isWanted(
  { severity }: Line,
  { minSeverity = SEVERITY.INFO, sample = {} }: LineOptions,
  context: Context,
): boolean {
  if (severity < minSeverity) return false
  if (severity >= SEVERITY.WARN) return true
  const { debug = 1, info = 1 } = sample
  if (isKept(severity < SEVERITY.INFO ? debug : info, context)) return true
  dropped++
  return false
}

/** What an error looks like in the fields of pino and winston. */
interface ErrorFields {
  readonly type?: unknown
  readonly name?: unknown
  readonly message?: unknown
  readonly stack?: unknown
}

function exceptionAttributes(error: ErrorFields): Record<string, unknown> {
  const type = error.type ?? error.name
  return {
    ...(typeof type === 'string' ? { [ATTR_EXCEPTION_TYPE]: type } : undefined),
    ...(typeof error.message === 'string' ? { [ATTR_EXCEPTION_MESSAGE]: error.message } : undefined),
    ...(typeof error.stack === 'string' ? { [ATTR_EXCEPTION_STACKTRACE]: error.stack } : undefined),
  }
}

/** What cannot be an attribute's value becomes text. */
function attributeValue(value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value)
  if (typeof value !== 'object') return value
  try {
    if (value instanceof Date) return value.toISOString()
    // A copy of plain data: what the application does to it later is not ours to see.
    return JSON.parse(JSON.stringify(value)) as unknown
  } catch {
    return textOf(value)
  }
}

/** What JSON does not know (a request that knows its answer, and that its request) must not cost the line. */
function textOf(value: unknown): string {
  try {
    return inspect(value, { depth: 2, maxArrayLength: 20, maxStringLength: 1000, getters: false })
  } catch {
    return 'something that cannot be printed'
  }
}

/** A line is told when it is written: a time far from now is in other units or of another zone. */
const NEAR = 600_000

/** The time, in milliseconds since the epoch, unless it is far from now. */
export function nearNow(time: number): number | undefined {
  return Math.abs(time - Date.now()) < NEAR ? time : undefined
}

function attributesOf(fields: Line['fields']): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    // Set like any other, it would be where all the others are looked up.
    if (key === '__proto__') continue
    const isError = (key === 'err' || key === 'error') && typeof value === 'object' && value !== null
    if (isError && typeof (value as ErrorFields).stack === 'string')
      Object.assign(attributes, exceptionAttributes(value))
    else attributes[key] = attributeValue(value)
  }
  return attributes
}

/** Writes a line as a log record with the trace, the identity and the agent of its context. */
export function writeLine(line: Line, options: LineOptions): void {
  const context = line.context ?? contextApi.active()
  if (!isWanted(line, options, context)) return
  emitLogLine({
    scope: SCOPE_NAME,
    scopeVersion: SCOPE_VERSION,
    severity: line.severity,
    severityText: line.level,
    body: attributeValue(line.message),
    attributes: attributesOf(line.fields) as never,
    context,
    ...(line.time === undefined ? undefined : { timestamp: line.time }),
  })
}
