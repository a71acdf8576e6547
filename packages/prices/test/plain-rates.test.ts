import { describe, expect, test } from 'vitest'
import { plainCost, plainRates } from '../src/plain-rates.ts'
import { costOf, type Rates } from '../src/rates.ts'
import type { Usage } from '../src/usage.ts'

const counts = [undefined, 0, 1, 137, 812, 1_000_000]

/** Every usage of text there is with these counts, those that contradict themselves among them. */
const texts: Usage[] = counts.flatMap((inputTokens) =>
  counts.flatMap((cacheReadInputTokens) =>
    counts.flatMap((outputTokens) =>
      counts.map((reasoningOutputTokens) => ({
        inputTokens,
        cacheReadInputTokens,
        outputTokens,
        reasoningOutputTokens,
      })),
    ),
  ),
)

const plain: Record<string, Rates> = {
  'with a price for each kind of token': {
    input_mtok: 2.5,
    output_mtok: 10.1,
    cache_read_mtok: 1.25,
    output_reasoning_mtok: 7.3,
  },
  'with prices for input and output alone': { input_mtok: 0.15, output_mtok: 0.6 },
  'that costs nothing': { input_mtok: 0, output_mtok: 0 },
}

describe.each(Object.entries(plain))('a model %s', (_, rates) => {
  const own = plainRates(rates)!

  test.each([1, 0.5, 1.7])('costs to the last digit what the long way says, at a factor of %d', (factor) => {
    let priced = 0
    for (const usage of texts) {
      const expected = costOf(rates, usage, factor, false)
      const parts = plainCost(own, usage, factor)
      if (parts !== undefined) priced++
      expect(parts).toEqual(typeof expected === 'string' ? undefined : expected)
      if (parts !== undefined) expect(Object.keys(parts)).toEqual(Object.keys(expected))
    }
    expect(priced).toBeGreaterThan(400)
  })

  test.each([
    'cacheWriteInputTokens',
    'cacheWrite1hInputTokens',
    'audioInputTokens',
    'imageInputTokens',
    'audioCacheReadInputTokens',
    'imageCacheReadInputTokens',
    'audioOutputTokens',
    'imageOutputTokens',
    'webSearches',
    'fileSearches',
  ] as const)('is left to the long way when there is %s', (name) => {
    const usage: Usage = { inputTokens: 10, outputTokens: 10 }
    expect(plainCost(own, { ...usage, [name]: 1 }, 1)).toBe(undefined)
    expect(plainCost(own, { ...usage, [name]: 0 }, 1)).toEqual(plainCost(own, usage, 1))
  })
})

test.each<[string, Rates]>([
  ['a price that depends on the length of the input', { input_mtok: { base: 1, tiers: [] }, output_mtok: 1 }],
  ['no price for output', { input_mtok: 1 }],
  ['no price for input', { output_mtok: 1 }],
  [
    'a dearer cache for a long input',
    { input_mtok: 1, output_mtok: 1, cache_read_mtok: { base: 1, tiers: [{ start: 1, price: 2 }] } },
  ],
  [
    'a tiered price for reasoning',
    { input_mtok: 1, output_mtok: 1, output_reasoning_mtok: { base: 1, tiers: [{ start: 1, price: 2 }] } },
  ],
  ['a fee for each request', { input_mtok: 1, output_mtok: 1, requests_kcount: 5 }],
])('%s is left to the long way', (_, rates) => {
  expect(plainRates(rates)).toBe(undefined)
})
