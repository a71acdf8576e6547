import type { LedgerEntry } from '@agentel/testing/model-server'
import { describe, expect, it } from 'vitest'
import { comparisonTable } from '../src/stage/comparison.ts'
import { ledgerByAgent, ledgerFigures, noFigures } from '../src/stage/figures.ts'
import { ledgerCost } from '../src/stage/ledger-cost.ts'

let sequence = 0
function entry(fields: Partial<LedgerEntry>): LedgerEntry {
  return {
    sequence: sequence++,
    requestId: 'req_1',
    endpoint: 'POST /v1/chat/completions',
    model: 'gpt-4o',
    responseModel: 'gpt-4o-2024-08-06',
    stream: false,
    attempt: 0,
    status: 200,
    outcome: 'complete',
    usageReported: true,
    usage: { inputTokens: 1000, outputTokens: 100, cachedTokens: 0, reasoningTokens: 0 },
    startedAt: 0,
    durationMs: 1,
    ...fields,
  }
}

const refused = { status: 429, outcome: 'error', usageReported: false } as const

describe('the figures of the ledger', () => {
  it('count a call that a retry saved once, and not as an error', () => {
    const entries = [entry(refused), entry({ attempt: 1 })]
    expect(ledgerFigures(entries)).toEqual({ calls: 1, inputTokens: 1000, outputTokens: 100, cost: 0.0035, errors: 0 })
  })

  it('count a call whose retries failed too as one error', () => {
    const entries = [entry(refused), entry({ ...refused, attempt: 1 }), entry({ ...refused, attempt: 2 })]
    expect(ledgerFigures(entries)).toEqual({ ...noFigures(), calls: 1, errors: 1 })
  })

  it('leave out tokens of which the client was not told', () => {
    const dropped = entry({ outcome: 'dropped', usageReported: false })
    expect(ledgerFigures([dropped])).toEqual({ ...noFigures(), calls: 1, errors: 1 })
  })

  it('are sorted by the label of the request', () => {
    const groups = ledgerByAgent([entry({ label: 'critic' }), entry({ label: 'writer' }), entry({ label: 'critic' })])
    expect([...groups].map(([agent, { calls }]) => [agent, calls])).toEqual([
      ['critic', 2],
      ['writer', 1],
    ])
  })
})

describe('the cost of the ledger', () => {
  it('takes cached input at its own price', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 400_000, reasoningTokens: 0 }
    expect(ledgerCost([entry({ usage })])).toBeCloseTo(0.6 * 2.5 + 0.4 * 1.25, 12)
  })

  it('names a model that it has no price for', () => {
    expect(() => ledgerCost([entry({ model: 'gpt-9' })])).toThrow('has no price for gpt-9')
  })
})

describe('the comparison', () => {
  it('marks figures that differ, and does not agree then', () => {
    const shown = { calls: 2, inputTokens: 1000, outputTokens: 5, cost: 0.1 + 0.2, errors: 0 }
    const same = comparisonTable([{ name: 'critic', shown, expected: { ...shown, cost: 0.3 } }], 'console = ledger')
    expect(same.agrees).toBe(true)
    expect(same.text.split('\n')[1]).toBe(
      'critic                   2 = 2   1,000 = 1,000           5 = 5   0.300000 = 0.300000          0 = 0',
    )
    const other = comparisonTable([{ name: 'critic', shown, expected: { ...shown, errors: 1 } }], 'console = ledger')
    expect(other.agrees).toBe(false)
    expect(other.text).toContain('0 ≠ 1')
  })
})
