import { sharedState } from './shared-state.ts'

/**
 * Counts what a part of ours has lost, so that the metric `agentel.self.dropped` and the console tell it.
 *
 * @param part short and fixed: `audit`
 */
export function countLoss(part: string, count: number): void {
  const losses = (sharedState().losses ??= new Map())
  losses.set(part, (losses.get(part) ?? 0) + count)
}

/** What each part has lost since the process began. */
export function lossCounts(): Readonly<Record<string, number>> {
  return Object.fromEntries(sharedState().losses ?? [])
}
