import type { LateWork } from './late-spans.ts'
import type { PutOff } from './put-off.ts'

/**
 * The one place where copies of this package in a process meet: an ES module copy and a `require()`d one, or two
 * versions in one tree. The number in the key is the shape's; it changes only when the shape does.
 */
const KEY = Symbol.for('agentel.api.1')

/** What all copies share. Fields are only ever added, so that an older copy can work with a newer one's object. */
export interface SharedState {
  /** Gates in the order in which they were added. */
  readonly gates: Set<(request: never) => void>
  /** Faults of ours by the place where they happened. */
  readonly faults: Map<string, { count: number; unreported: number; reportedAt: number }>
  /** What takes secrets out of a text before it gets into `diag`, once there is redaction. */
  cleanFault?: (text: string) => string
  /** Content settings, once they have been asked for. */
  content?: unknown
  /** The agent that has this thread for itself. */
  threadOwner?: string
  /** Whether a request was ever debugged. */
  debug?: boolean
  /** What each part of ours has lost, once there is something. */
  losses?: Map<string, number>
  /** Operations whose spans are still to start or to end, once there was one. */
  lateSpans?: PutOff<LateWork>
  /** Content hooks, once there is one. */
  contentHooks?: Set<unknown>
}

/** Kept beside: it is asked for several times a call, and the global object is the slowest to look into. */
let known: SharedState | undefined

/** The state that every copy of `@agentel/api` in this process shares. */
export function sharedState(): SharedState {
  if (known !== undefined) return known
  const holder = globalThis as { [KEY]?: SharedState }
  known = holder[KEY] ??= { gates: new Set(), faults: new Map() }
  return known
}
