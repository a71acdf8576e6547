import type { Context, Span } from '@opentelemetry/api'
import { type ContentSettings, contentCapture, reachesEvents, reachesSpans } from './content-capture.ts'
import { guard } from './guard.ts'
import { sharedState } from './shared-state.ts'

/** What of a model call is handed to a content hook. */
export interface HookedContent {
  /** What was asked, or what was answered. */
  readonly side: 'input' | 'output'
  /** The span of the call, while it takes attributes; missing where another library makes it and has not begun. */
  readonly span: Span | undefined
  /** By attribute name, in the shapes of OpenTelemetry's JSON schemas, whole: not cut, not redacted. */
  readonly content: Readonly<Record<string, unknown>>
}

/**
 * Gets the content of every model call, whatever is captured and sampled.
 *
 * @returns the content to record in its place, where capture allows it; `undefined` leaves it as it is
 */
export type ContentHook = (call: HookedContent) => Readonly<Record<string, unknown>> | undefined | void

/**
 * Adds a hook for every copy of this package in the process. It runs in the application's call: it must only take
 * note, and do its work later.
 *
 * @returns a function that takes it away again
 */
export function addContentHook(hook: ContentHook): () => void {
  const hooks = allHooks()
  hooks.add(hook)
  return () => void hooks.delete(hook)
}

/** Whether anybody wants content that is not captured. */
export function hasContentHooks(): boolean {
  return allHooks().size > 0
}

/** Who wants the content of a call. */
export interface ContentRoute {
  readonly onSpans: boolean
  readonly onEvents: boolean
  /** Whether there are hooks, captured or not. */
  readonly hooked: boolean
}

/** Where the content of a call goes that is made in this context; `undefined` when nobody wants it. */
export function contentRoute(context: Context): ContentRoute | undefined {
  const { debug, content, contentHooks } = sharedState()
  // Every call passes here, and this is how it is for nearly all.
  const isOff = (content as ContentSettings | undefined)?.capture === 'NO_CONTENT'
  if (isOff && debug !== true && (contentHooks === undefined || contentHooks.size === 0)) return undefined
  const capture = contentCapture(context)
  const hooked = hasContentHooks()
  if (capture === 'NO_CONTENT' && !hooked) return undefined
  return { onSpans: reachesSpans(capture), onEvents: reachesEvents(capture), hooked }
}

/** The content after all hooks. What a hook throws is a fault of its own; the content stays as it was. */
export function runContentHooks(call: HookedContent): Readonly<Record<string, unknown>> {
  let { content } = call
  for (const hook of allHooks()) content = guard('content.hook', () => hook({ ...call, content })) ?? content
  return content
}

function allHooks(): Set<ContentHook> {
  const state = sharedState()
  return (state.contentHooks ??= new Set()) as Set<ContentHook>
}
