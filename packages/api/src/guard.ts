import { diag } from '@opentelemetry/api'
import { sharedState } from './shared-state.ts'

/** At most one line of the same place in this time (ms); the others are counted and named in the next line. */
const REPORT_EVERY = 60_000
/** Places are literals in our code; the cap is for a caller that makes them up. */
const MAX_PLACES = 200

/**
 * Runs a hook of ours so that its fault never reaches the application: what it throws becomes a count and, at most
 * once a minute for each place, one line in OpenTelemetry's `diag` log. For synchronous work: a promise is given back
 * as it is, for it may be the application's own; {@link guardPromise} is for ours.
 *
 * @param where the place, short and fixed: `cost.onEnding`
 * @returns what `fn` returned, or `undefined` after a fault
 */
export function guard<T>(where: string, fn: () => T): T | undefined {
  try {
    return fn()
  } catch (fault) {
    recordFault(where, fault)
    return undefined
  }
}

/** As {@link guard}, for work of ours that takes its time; the promise never rejects. */
export async function guardPromise<T>(where: string, fn: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await fn()
  } catch (fault) {
    recordFault(where, fault)
    return undefined
  }
}

/** Counts and reports a fault of ours that was caught elsewhere. Never throws. */
export function recordFault(where: string, fault: unknown): void {
  const { faults } = sharedState()
  const place = faults.has(where) || faults.size < MAX_PLACES ? where : 'other'
  const entry = faults.get(place) ?? { count: 0, unreported: 0, reportedAt: Number.NEGATIVE_INFINITY }
  faults.set(place, entry)
  entry.count++
  const now = Date.now()
  if (now - entry.reportedAt < REPORT_EVERY) {
    entry.unreported++
    return
  }
  const more = entry.unreported > 0 ? ` (and ${entry.unreported} more since the last report)` : ''
  entry.reportedAt = now
  entry.unreported = 0
  try {
    diag.error(`agentel: a fault in ${place}, the application goes on: ${describeFault(fault)}${more}`)
  } catch {
    // The application's own diag logger failed; there is nobody left to tell, and the count stands.
  }
}

/**
 * Takes secrets out of what {@link recordFault} says: a message of an error may cite what the application was working
 * on. For redaction; the last one that was set counts, for every copy of this package.
 */
export function cleanFaultsBy(clean: (text: string) => string): void {
  sharedState().cleanFault = clean
}

/** How often each hook of ours has failed since the process started (or since {@link resetFaults}). */
export function faultCounts(): Readonly<Record<string, number>> {
  return Object.fromEntries([...sharedState().faults].map(([where, { count }]) => [where, count]))
}

/** Forgets all faults; for tests. */
export function resetFaults(): void {
  sharedState().faults.clear()
}

function describeFault(fault: unknown): string {
  try {
    const given = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault)
    const text = sharedState().cleanFault?.(given) ?? given
    return text.length > 300 ? `${text.slice(0, 300)}…` : text
  } catch {
    return 'something that cannot be printed'
  }
}
