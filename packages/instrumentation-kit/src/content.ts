import { diag } from '@opentelemetry/api'

/** Where message content goes. OpenTelemetry's values of OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT. */
export type ContentCapture = 'NO_CONTENT' | 'SPAN_ONLY' | 'EVENT_ONLY' | 'SPAN_AND_EVENT'

/** How content is written into span attributes. Events are always structured. */
export type SpanContentEncoding = 'json' | 'structured' | 'auto'

/** What a user may set. */
export interface ContentOptions {
  /** Default: the environment variable, else `NO_CONTENT`. */
  captureContent?: ContentCapture | undefined
  /** `json` (default) reads well everywhere; SDK 2.x drops structured span attributes without a word. */
  spanContentEncoding?: SpanContentEncoding | undefined
}

/** The settings that hold for a call. */
export interface ContentSettings {
  readonly onSpans: boolean
  readonly onEvents: boolean
  readonly encoding: SpanContentEncoding
}

const VARIABLE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'
const MODES: readonly string[] = ['NO_CONTENT', 'SPAN_ONLY', 'EVENT_ONLY', 'SPAN_AND_EVENT'] satisfies ContentCapture[]

/** Options first, then the environment. What is not understood records nothing, and is said. */
export function contentSettings(
  options: ContentOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ContentSettings {
  const mode = captureMode(options.captureContent, environment[VARIABLE])
  return {
    onSpans: mode === 'SPAN_ONLY' || mode === 'SPAN_AND_EVENT',
    onEvents: mode === 'EVENT_ONLY' || mode === 'SPAN_AND_EVENT',
    encoding: options.spanContentEncoding ?? 'json',
  }
}

function captureMode(option: string | undefined, variable: string | undefined): string {
  const [given, source] = option === undefined ? [variable, VARIABLE] : [option, 'captureContent']
  if (given === undefined || given === '') return 'NO_CONTENT'
  const mode = given.trim().toUpperCase()
  if (MODES.includes(mode)) return mode
  diag.warn(`${source} is '${given}', which is none of ${MODES.join(', ')}; no message content is recorded`)
  return 'NO_CONTENT'
}

/** Content for a span attribute. What cannot be serialised (a cycle, a BigInt) is left out, as a short JSON string. */
export function encodeForSpan(value: unknown, settings: ContentSettings): unknown {
  if (settings.encoding === 'structured') return value
  try {
    return JSON.stringify(value)
  } catch {
    return '"[content that cannot be serialised]"'
  }
}
