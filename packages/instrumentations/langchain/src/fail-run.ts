import type { Handle } from '@agentel/api'

/** Ends a span that failed. What a graph throws to steer itself (an interrupt, a command to its parent) is no failure. */
export function failRun(handle: Pick<Handle, 'fail' | 'end'>, error: unknown): void {
  if ((error as { is_bubble_up?: unknown } | undefined)?.is_bubble_up !== true) handle.fail(error)
  handle.end()
}
