import type { Attributes, Context } from '@opentelemetry/api'
import { ATTR_AGENTEL_CONTENT_LENGTH, ATTR_AGENTEL_CONTENT_PREVIEW } from '@agentel/semconv'
import { spanContentAttributes } from './content-budget.ts'
import { capturesOnEvents, capturesOnSpans, contentText, shortContent } from './content-capture.ts'
import type { Operation } from './operation.ts'

/** Puts structured content on the operation's span, when that is allowed. */
export function setContent(operation: Operation, key: string, value: unknown): void {
  if (value !== undefined && capturesOnSpans(operation.context) && operation.span.isRecording())
    operation.set(spanContentAttributes(operation.span, key, value))
}

/** Puts content that is text, or a list of texts, on the operation's span, when that is allowed. */
export function setText(operation: Operation, key: string, value: string | readonly string[] | undefined): void {
  if (value !== undefined && capturesOnSpans(operation.context) && operation.span.isRecording())
    operation.set({ [key]: value })
}

/** An event's attribute that holds content: cut, and only when that is allowed. */
export function eventContent(key: string, value: unknown, context?: Context): Attributes | undefined {
  if (value === undefined || !capturesOnEvents(context)) return undefined
  const { short, length, isCut } = shortContent(value)
  return isCut ? { [key]: short, [ATTR_AGENTEL_CONTENT_LENGTH]: length } : { [key]: short }
}

/** Length of content in characters, always, and its beginning as text, when that is allowed. */
export function eventExcerpt(value: unknown, context?: Context): Attributes | undefined {
  if (value === undefined) return undefined
  if (!capturesOnEvents(context)) return { [ATTR_AGENTEL_CONTENT_LENGTH]: contentText(value).length }
  const { short, length } = shortContent(value)
  const preview = short === undefined ? undefined : contentText(short)
  return { [ATTR_AGENTEL_CONTENT_LENGTH]: length, [ATTR_AGENTEL_CONTENT_PREVIEW]: preview }
}

/** As {@link setContent}, for what a tool takes or gives: the schema wants an object. Text that is one as JSON is read. */
export function setObject(operation: Operation, key: string, value: unknown, name: string): void {
  if (value === undefined || !capturesOnSpans(operation.context)) return
  const read = typeof value === 'string' ? parsed(value) : value
  const isObject = typeof read === 'object' && read !== null && !Array.isArray(read)
  // Of a text that holds no object, none can be made.
  const other = typeof value === 'string' ? value : { [name]: value }
  setContent(operation, key, isObject ? read : other)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** What a wrapped function was called with: the one object that most tools take, else all arguments. */
export function argumentsContent(args: readonly unknown[]): unknown {
  const [first] = args
  return args.length === 1 && typeof first === 'object' && first !== null ? first : { arguments: args }
}
