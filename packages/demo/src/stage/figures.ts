import type { LedgerEntry } from '@agentel/testing/model-server'
import { ledgerCost } from './ledger-cost.ts'

/** Sums over model calls. Cost in US dollars. */
export interface CallFigures {
  calls: number
  inputTokens: number
  outputTokens: number
  cost: number
  /** Calls that failed for good; a call that a retry saved is none. */
  errors: number
}

/** Nothing yet. */
export function noFigures(): CallFigures {
  return { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0, errors: 0 }
}

/** The ledger's sums. A call is a first attempt; every retry stands for one failed attempt before it. */
export function ledgerFigures(entries: readonly LedgerEntry[]): CallFigures {
  const figures = noFigures()
  for (const { attempt, outcome, usage, usageReported } of entries) {
    if (attempt === 0) figures.calls++
    else figures.errors--
    if (outcome !== 'complete') figures.errors++
    if (!usageReported) continue
    figures.inputTokens += usage.inputTokens
    figures.outputTokens += usage.outputTokens
  }
  figures.cost = ledgerCost(entries)
  return figures
}

/** The ledger's sums by the label that the scenario gave, which is the agent. */
export function ledgerByAgent(entries: readonly LedgerEntry[]): Map<string, CallFigures> {
  const groups = Map.groupBy(entries, ({ label }) => label ?? '(none)')
  return new Map([...groups].map(([agent, list]) => [agent, ledgerFigures(list)]))
}
