import { type Attributes, type Context, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '@agentel/semconv'
import { type ErrorCategory, type ErrorDescription, MAX_MESSAGE, cut, describeError } from './describe-error.ts'
import { SEVERITY, emitEvent, hasLoggerProvider } from './log-events.ts'

/** What the caller knows better than the error does. */
export interface FailOptions {
  /** `error.type` */
  type?: string
  /** Status description; the error's message by default. */
  message?: string
  /** `agentel.error.category` */
  category?: ErrorCategory
}

/** What was recorded of a failure. */
export interface Failure {
  /** `error.type` */
  readonly type: string
  /** `agentel.error.category` */
  readonly category: ErrorCategory
}

/** Sets status, `error.type` and category on the span and records the exception once per trace. */
export function recordFailure(
  span: Span,
  context: Context,
  error: unknown,
  options: FailOptions & { kind?: SpanKind | undefined; operation?: unknown },
): Failure {
  const described = describeError(error, kindOf(options))
  const type = options.type ?? described.type
  const message = cut(options.message ?? described.message, MAX_MESSAGE)
  const category = options.category ?? categoryFor(type, described)
  span.setAttributes({ [ATTR_ERROR_TYPE]: type, [ATTR_AGENTEL_ERROR_CATEGORY]: category })
  span.setStatus(message === '' ? { code: SpanStatusCode.ERROR } : { code: SpanStatusCode.ERROR, message })
  if (isFirstIn(span.spanContext().traceId, error)) recordException(span, context, described)
  return { type, category }
}

function kindOf(options: { kind?: SpanKind | undefined; operation?: unknown }): 'api' | 'tool' | 'other' {
  if (options.operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) return 'tool'
  return options.kind === SpanKind.CLIENT ? 'api' : 'other'
}

function categoryFor(type: string, described: ErrorDescription): ErrorCategory {
  return type === 'timeout' ? 'timeout' : type === '429' ? 'rate_limit' : described.category
}

/** An exception that passes through tool, task and agent is one exception: it is recorded where it first shows. */
const recordedIn = new WeakMap<object, string>()

function isFirstIn(traceId: string, error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true
  if (recordedIn.get(error) === traceId) return false
  recordedIn.set(error, traceId)
  return true
}

function recordException(span: Span, context: Context, { name, message, stack }: ErrorDescription): void {
  const attributes: Attributes = { [ATTR_EXCEPTION_TYPE]: name }
  if (message !== '') attributes[ATTR_EXCEPTION_MESSAGE] = message
  if (stack !== undefined) attributes[ATTR_EXCEPTION_STACKTRACE] = stack
  if (hasLoggerProvider())
    emitEvent(EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION, attributes, { severity: SEVERITY.WARN, context })
  // A span that was given its start would else tell the time in whole milliseconds.
  else span.addEvent('exception', attributes, performance.now())
}
