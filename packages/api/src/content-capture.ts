import { type Context, diag } from '@opentelemetry/api'
import { isDebug } from './debug.ts'
import { cut } from './describe-error.ts'
import { referToMedia } from './media-reference.ts'
import { sharedState } from './shared-state.ts'
import { shorten } from './shorten.ts'
import { toJson } from './to-json.ts'

/** Where content (messages, arguments, results, reasons) may be written. */
export type ContentCapture = 'NO_CONTENT' | 'SPAN_ONLY' | 'EVENT_ONLY' | 'SPAN_AND_EVENT'

/** How content is treated, for every copy of this package in the process. */
export interface ContentSettings {
  /** NO_CONTENT by default. */
  readonly capture: ContentCapture
  /** Content on our events is cut at this many characters; 200 by default. Its full length is kept as a number. */
  readonly eventLength: number
  /** Bytes of content on one attribute, at most; 64 KiB by default. */
  readonly attributeBytes: number
  /** Bytes of content on one span, at most; 256 KiB by default. */
  readonly spanBytes: number
  /** SDK 2 drops nested span attributes without a word, so content on spans is JSON text by default. */
  readonly spanEncoding: 'json' | 'structured'
}

/** The environment variable that switches content on, as OpenTelemetry names it. */
export const CONTENT_VARIABLE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'

const CAPTURES: readonly string[] = ['NO_CONTENT', 'SPAN_ONLY', 'EVENT_ONLY', 'SPAN_AND_EVENT']

/** The settings in force: those of {@link configureContent}, else of the environment, else no content at all. */
export function contentSettings(): ContentSettings {
  const state = sharedState()
  return (state.content ??= {
    capture: captureFromEnvironment(),
    eventLength: 200,
    attributeBytes: 64 * 1024,
    spanBytes: 256 * 1024,
    spanEncoding: 'json',
  }) as ContentSettings
}

/**
 * Changes the settings; what is not named stays. Called with `undefined`, all come from the environment again.
 *
 * @throws RangeError when a value is none that exists; nothing is changed then
 */
export function configureContent(settings: Partial<ContentSettings> | undefined): void {
  if (settings?.capture !== undefined && !CAPTURES.includes(settings.capture)) {
    throw new RangeError(`configureContent: capture is "${settings.capture}"; it must be one of ${CAPTURES.join(', ')}`)
  }
  if (settings?.eventLength !== undefined && !(settings.eventLength >= 0)) {
    throw new RangeError(`configureContent: eventLength is ${settings.eventLength}; it must be 0 or more characters`)
  }
  for (const key of ['attributeBytes', 'spanBytes'] as const) {
    if (settings?.[key] !== undefined && !(settings[key] >= 0))
      throw new RangeError(`configureContent: ${key} is ${settings[key]}; it must be 0 or more bytes`)
  }
  const state = sharedState()
  if (settings === undefined) delete state.content
  else state.content = { ...contentSettings(), ...settings }
}

/** Where content of a context may be written, the active one by default. */
export function contentCapture(context?: Context): ContentCapture {
  return isDebug(context) ? 'SPAN_AND_EVENT' : contentSettings().capture
}

/** Whether content that goes there goes on spans. */
export function reachesSpans(capture: ContentCapture): boolean {
  return capture === 'SPAN_ONLY' || capture === 'SPAN_AND_EVENT'
}

/** Whether content that goes there goes on events. */
export function reachesEvents(capture: ContentCapture): boolean {
  return capture === 'EVENT_ONLY' || capture === 'SPAN_AND_EVENT'
}

/** Whether content may go on spans of a context, the active one by default. */
export function capturesOnSpans(context?: Context): boolean {
  return reachesSpans(contentCapture(context))
}

/** Whether content may go on events of a context, the active one by default. */
export function capturesOnEvents(context?: Context): boolean {
  return reachesEvents(contentCapture(context))
}

/** Content as text: a string as it is, everything else as JSON. */
export function contentText(value: unknown): string {
  return typeof value === 'string' ? value : toJson(value)
}

/** Content that an event holds in part. */
export interface ShortContent {
  /**
   * Structured as the content is, so that what is secret in it can still be found by its key; or a text; `undefined`
   * when nothing of it fits.
   */
  readonly short: unknown
  /** Length of the whole in characters: of the text, or of the JSON. */
  readonly length: number
  /** Whether something was left out. */
  readonly isCut: boolean
}

/** Content as our own events take it: cut inside its values at `eventLength`, with the full length. */
export function shortContent(value: unknown): ShortContent {
  const text = contentText(value)
  const { eventLength } = contentSettings()
  const { length } = text
  if (typeof value === 'string') {
    const said = referToMedia(text) as string
    return { short: eventLength === 0 ? '' : cut(said, eventLength), length, isCut: length > eventLength }
  }
  const plain = referToMedia(JSON.parse(text))
  return length <= eventLength
    ? { short: plain, length, isCut: false }
    : { short: shorten(plain, eventLength), length, isCut: true }
}

function captureFromEnvironment(): ContentCapture {
  const given = typeof process === 'undefined' ? undefined : process.env[CONTENT_VARIABLE]
  if (given === undefined || given.trim() === '') return 'NO_CONTENT'
  const capture = given.trim().toUpperCase()
  if (CAPTURES.includes(capture)) return capture as ContentCapture
  diag.warn(
    `agentel: ${CONTENT_VARIABLE} is "${cut(given, 40)}", which is none of ${CAPTURES.join(', ')}; no content is captured`,
  )
  return 'NO_CONTENT'
}
