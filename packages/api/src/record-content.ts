import type { Attributes } from '@opentelemetry/api'
import { ATTR_AGENTEL_CONTENT_LENGTH, ATTR_AGENTEL_CONTENT_PREVIEW } from '@agentel/semconv'
import {
  capturesOnEvents,
  capturesOnSpans,
  contentPreview,
  contentSettings,
  contentText,
  spanContent,
} from './content-capture.ts'
import type { Operation } from './operation.ts'

/** Puts structured content on the operation's span, when that is allowed. */
export function setContent(operation: Operation, key: string, value: unknown): void {
  if (value !== undefined && capturesOnSpans() && operation.span.isRecording())
    operation.set({ [key]: spanContent(value) })
}

/** Puts content that is text, or a list of texts, on the operation's span, when that is allowed. */
export function setText(operation: Operation, key: string, value: string | readonly string[] | undefined): void {
  if (value !== undefined && capturesOnSpans() && operation.span.isRecording()) operation.set({ [key]: value })
}

/** An event's attribute that holds content: cut, and only when that is allowed. */
export function eventContent(key: string, value: unknown): Attributes | undefined {
  if (value === undefined || !capturesOnEvents()) return undefined
  const { preview, length } = contentPreview(value)
  const isCut = length > contentSettings().eventLength
  return isCut ? { [key]: preview, [ATTR_AGENTEL_CONTENT_LENGTH]: length } : { [key]: preview }
}

/** Length of content in characters, always, and its beginning, when that is allowed. */
export function eventExcerpt(value: unknown): Attributes | undefined {
  if (value === undefined) return undefined
  if (!capturesOnEvents()) return { [ATTR_AGENTEL_CONTENT_LENGTH]: contentText(value).length }
  const { preview, length } = contentPreview(value)
  return { [ATTR_AGENTEL_CONTENT_LENGTH]: length, [ATTR_AGENTEL_CONTENT_PREVIEW]: preview }
}

/** What a wrapped function was called with: the one object that most tools take, else all arguments. */
export function argumentsContent(args: readonly unknown[]): unknown {
  const [first] = args
  return args.length === 1 && typeof first === 'object' && first !== null ? first : { arguments: args }
}
