import type { Usage } from './token-counter.ts'

/**
 * How a request ended, seen from the server: `complete` (all bytes written), `error` (a status of 400 or more),
 * `dropped` (the server broke off, as told), `aborted` (the client went away).
 */
export type Outcome = 'complete' | 'error' | 'dropped' | 'aborted'

/** One request as the server served it, whatever the client made of it. */
export interface LedgerEntry {
  sequence: number
  requestId: string
  endpoint: string
  /** As requested. Empty if the request named none. */
  model: string
  /** As answered. */
  responseModel: string
  stream: boolean
  /** What the scenario said about the request. */
  label?: string
  /** Retries before this one, as the SDK counts them. */
  attempt: number
  status: number
  outcome: Outcome
  /** Whether the client was told the usage: not on errors, broken answers, and streams that did not ask for it. */
  usageReported: boolean
  usage: Usage
  /** Milliseconds since the epoch. */
  startedAt: number
  durationMs: number
}

/** Sums over entries; tokens of those whose usage was reported. */
export interface LedgerTotals extends Usage {
  requests: number
  errors: number
}

/** Every request served, in the order in which they ended. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[]
  /** Sums over all entries, or over those that pass. */
  totals(filter?: (entry: LedgerEntry) => boolean): LedgerTotals
  /** Forgets everything; for tests that share a server. */
  clear(): void
}

/** Makes a ledger and the function that writes into it. */
export function createLedger(): { ledger: Ledger; record: (entry: Omit<LedgerEntry, 'sequence'>) => void } {
  const entries: LedgerEntry[] = []
  let sequence = 0
  const ledger: Ledger = {
    entries,
    totals: (filter = () => true) => sum(entries.filter(filter)),
    clear: () => void entries.splice(0),
  }
  return { ledger, record: (entry) => void entries.push({ sequence: sequence++, ...entry }) }
}

function sum(entries: readonly LedgerEntry[]): LedgerTotals {
  const totals: LedgerTotals = {
    requests: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    reasoningTokens: 0,
  }
  for (const { outcome, usage, usageReported } of entries) {
    totals.requests++
    if (outcome !== 'complete') totals.errors++
    if (!usageReported) continue
    totals.inputTokens += usage.inputTokens
    totals.outputTokens += usage.outputTokens
    totals.cachedTokens += usage.cachedTokens
    totals.reasoningTokens += usage.reasoningTokens
    if (usage.cacheWriteTokens) totals.cacheWriteTokens = (totals.cacheWriteTokens ?? 0) + usage.cacheWriteTokens
  }
  return totals
}
