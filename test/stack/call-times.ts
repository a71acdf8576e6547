/** How long calls took, as the model server saw them, and between which figures a histogram's percentile of them may be. */
import type { LedgerEntry } from '../../packages/testing/src/model-server/index.ts'

/** A call: its attempts and the pauses between them. */
export interface CallTime {
  readonly model: string
  /** The agent that called. */
  readonly agent: string
  readonly seconds: number
}

interface Call extends CallTime {
  readonly attempts: number
  readonly failed: boolean
  readonly from: number
  readonly until: number
}

/** Requests that are answered by a text: no embeddings. */
export function inferences(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return entries.filter(({ endpoint }) => !endpoint.includes('embeddings'))
}

/** The calls. A retry belongs to the call of that agent that has waited longest since it failed. */
export function callTimes(entries: readonly LedgerEntry[]): CallTime[] {
  const calls: Call[] = []
  for (const entry of entries.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const { model, label: agent = '', attempt, startedAt, durationMs, outcome } = entry
    const waiting = calls
      .filter((call) => call.failed && call.agent === agent && call.model === model && call.attempts === attempt)
      .toSorted((a, b) => a.until - b.until)[0]
    if (attempt > 0 && waiting === undefined) throw new Error(`a retry of ${agent} with nothing to retry`)
    if (attempt > 0) calls.splice(calls.indexOf(waiting!), 1)
    const from = attempt > 0 ? waiting!.from : startedAt
    const until = startedAt + durationMs
    const seconds = (until - from) / 1000
    calls.push({ model, agent, seconds, attempts: attempt + 1, failed: outcome === 'error', from, until })
  }
  return calls
}

/** The mean of times, in seconds. */
export function meanSeconds(calls: readonly CallTime[]): number {
  return calls.reduce((sum, { seconds }) => sum + seconds, 0) / calls.length
}

/**
 * A histogram knows of a percentile only in which bucket it is: the lower bound of the bucket of the value before it, and the
 * upper one of the value after it, each of which may have become `slack` times as long on its way to the caller.
 */
export function percentileBounds(
  share: number,
  values: readonly number[],
  buckets: readonly number[],
  slack: number,
): { least: number; most: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.ceil(share * sorted.length) - 1
  const at = (index: number): number => sorted[Math.min(Math.max(index, 0), sorted.length - 1)]!
  const least = buckets.findLast((bound) => bound < at(rank - 1)) ?? 0
  const most = buckets.find((bound) => bound >= at(rank + 1) * slack) ?? Number.POSITIVE_INFINITY
  return { least, most }
}
