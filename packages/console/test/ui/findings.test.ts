import { expect, it } from 'vitest'
import type { OperationStats, Overview } from '../../src/api/contract.ts'
import { findingsOf } from '../../ui/pages/health/findings.ts'

const stats = (given: Partial<OperationStats>): OperationStats => ({
  count: 100,
  errors: 0,
  meanDuration: 100,
  p50: 90,
  p95: 200,
  p99: 300,
  inputTokens: 0,
  outputTokens: 0,
  cost: null,
  unpriced: 0,
  ...given,
})

function overview(given: {
  totals?: object
  agents?: object[]
  tools?: object[]
  models?: object[]
  errorTypes?: object[]
}): Overview {
  const totals = {
    traces: 100,
    failedTraces: 0,
    traceP95: 900,
    inputTokens: 0,
    outputTokens: 0,
    cost: null,
    unpriced: 0,
    modelCalls: 0,
    ...given.totals,
  }
  return { agents: [], tools: [], models: [], errorTypes: [], ...given, totals } as unknown as Overview
}

it('says nothing when nothing is worth saying', () => {
  expect(findingsOf(overview({}))).toEqual([])
})

it('names what fails, the gravest first, each with its evidence', () => {
  const found = findingsOf(
    overview({
      totals: { failedTraces: 8 },
      tools: [{ name: 'fetch_page', ...stats({ count: 60, errors: 9 }) }],
      agents: [{ name: 'writer', ...stats({ errors: 6 }) }],
      errorTypes: [{ type: 'timeout', count: 9 }],
    }),
  )
  expect(found.map(({ weight, sentence, evidence }) => [weight, sentence, evidence])).toEqual([
    [
      'critical',
      '8.0 % of the runs fail: 8 of 100 runs.',
      { path: '/runs', parameters: { status: 'error' }, name: 'failed runs' },
    ],
    [
      'critical',
      'The tool fetch_page fails in 15 % of its calls: 9 of 60.',
      { path: '/runs', parameters: { tool: 'fetch_page', status: 'error' }, name: 'failed runs with fetch_page' },
    ],
    [
      'warning',
      'The agent writer fails in 6.0 % of its calls: 6 of 100.',
      { path: '/agents/writer', parameters: {}, name: 'writer' },
    ],
  ])
})

it('does not judge a rate by a few calls', () => {
  expect(findingsOf(overview({ tools: [{ name: 'rare', ...stats({ count: 2, errors: 2 }) }] }))).toEqual([])
})

it('finds the bottleneck, the dear model, long prompts and missing prices', () => {
  const found = findingsOf(
    overview({
      totals: { cost: 10, modelCalls: 100, inputTokens: 200_000, unpriced: 3 },
      agents: [
        { name: 'researcher', ...stats({ meanDuration: 900 }) },
        { name: 'critic', ...stats({ meanDuration: 100 }) },
      ],
      models: [
        { name: 'large', ...stats({ count: 10, cost: 9 }) },
        { name: 'small', ...stats({ count: 87, cost: 0.1 }) },
        { name: 'house', ...stats({ count: 3, unpriced: 3 }) },
      ],
    }),
  )
  expect(found.map(({ sentence }) => sentence)).toEqual([
    'A call of large costs $0.900.',
    'A model call takes 2.00k tokens on average.',
    'large makes 90 % of the cost with 10 % of the calls.',
    "90 % of the agents' time is spent in researcher.",
    '3 model calls have no known price: house.',
  ])
})
