import type { LedgerEntry } from '@agentel/testing/model-server'

/** US dollars for a million tokens: fresh input, cached input, output. From OpenAI's price list. */
const PRICES: Readonly<Record<string, readonly [number, number, number]>> = {
  'gpt-4.1': [2, 0.5, 8],
  'gpt-4o': [2.5, 1.25, 10],
  'gpt-4o-mini': [0.15, 0.075, 0.6],
  'o4-mini': [1.1, 0.275, 4.4],
  'text-embedding-3-small': [0.02, 0.02, 0],
}

/**
 * What served requests cost, in US dollars, reckoned here and not with `@agentel/prices`, so that the console's sums
 * can be held against something else.
 *
 * @throws Error for a model that is not in the list
 */
export function ledgerCost(entries: readonly LedgerEntry[]): number {
  let total = 0
  for (const { model, usage, usageReported } of entries) {
    if (!usageReported) continue
    const price = PRICES[model]
    if (!price) throw new Error(`ledger-cost.ts has no price for ${model}`)
    const [fresh, cached, output] = price
    total +=
      (usage.inputTokens - usage.cachedTokens) * fresh + usage.cachedTokens * cached + usage.outputTokens * output
  }
  return total / 1e6
}
