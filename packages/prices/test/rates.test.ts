import { expect, it } from 'vitest'
import { costOf, type Rates } from '../src/rates.ts'
import type { CostParts, Usage } from '../src/usage.ts'

/** A price of its own for everything. */
const RATES = {
  input_mtok: 1,
  input_audio_mtok: 5,
  input_image_mtok: 7,
  cache_read_mtok: 0.25,
  cache_audio_read_mtok: 0.5,
  cache_image_read_mtok: 0.75,
  cache_write_mtok: 2,
  cache_write_1h_mtok: 3,
  output_mtok: 10,
  output_audio_mtok: 50,
  output_image_mtok: 70,
  output_reasoning_mtok: 20,
  web_searches_kcount: 4000,
  storage_searches_kcount: 6000,
  requests_kcount: 8000,
}

const M = 1e6

/** Of 100 million tokens of input 30 are plain, 10 are audio, 10 image, 20 plain from the cache; of 20 of output 11 are plain. */
const USAGE: Usage = {
  inputTokens: 100 * M,
  cacheReadInputTokens: 30 * M,
  cacheWriteInputTokens: 20 * M,
  cacheWrite1hInputTokens: 5 * M,
  audioInputTokens: 14 * M,
  audioCacheReadInputTokens: 4 * M,
  imageInputTokens: 16 * M,
  imageCacheReadInputTokens: 6 * M,
  outputTokens: 20 * M,
  reasoningOutputTokens: 4 * M,
  audioOutputTokens: 3 * M,
  imageOutputTokens: 2 * M,
  webSearches: 2,
  fileSearches: 3,
}

const PARTS: CostParts = {
  input: 30,
  audio: 10 * 5 + 3 * 50,
  image: 10 * 7 + 2 * 70,
  cache_read: 20 * 0.25 + 4 * 0.5 + 6 * 0.75,
  cache_write: 15 * 2 + 5 * 3,
  output: 11 * 10,
  reasoning: 4 * 20,
  tool: 2 * 4 + 3 * 6 + 8,
}

it('charges each kind of token, search and request at its own price, and the factor of a tier on tokens alone', () => {
  expect(costOf(RATES, USAGE, 1, false)).toEqual(PARTS)
  expect(costOf(RATES, USAGE, 1, true)).toEqual(PARTS)
  const { tool, ...tokens } = PARTS
  const halves = Object.entries(tokens).map(([category, amount]) => [category, amount / 2])
  expect(costOf(RATES, USAGE, 0.5, false)).toEqual({ ...Object.fromEntries(halves), tool })
})

const ALL_CACHED = ['cache_read_mtok', 'cache_audio_read_mtok', 'cache_image_read_mtok']

it.each<[without: string[], audioAsText: boolean, expected: CostParts | string]>([
  [['cache_audio_read_mtok'], false, { ...PARTS, cache_read: 24 * 0.25 + 6 * 0.75 }],
  [['cache_image_read_mtok'], false, { ...PARTS, cache_read: 26 * 0.25 + 4 * 0.5 }],
  [['cache_read_mtok'], false, { ...PARTS, cache_read: 20 + 4 * 0.5 + 6 * 0.75 }],
  [ALL_CACHED, true, { ...PARTS, cache_read: 30 }],
  [ALL_CACHED, false, 'the price table has no cache_audio_read_mtok for this model'],
  [['cache_write_1h_mtok'], false, { ...PARTS, cache_write: 20 * 2 }],
  [['cache_write_mtok'], false, { ...PARTS, cache_write: 15 + 5 * 3 }],
  [['cache_write_mtok', 'cache_write_1h_mtok'], false, { ...PARTS, cache_write: 20 }],
  [['input_audio_mtok'], true, { ...PARTS, audio: 10 + 3 * 50 }],
  [
    ['input_audio_mtok', 'output_audio_mtok'],
    false,
    'the price table has no input_audio_mtok, output_audio_mtok for this model',
  ],
  [['output_audio_mtok'], true, 'the price table has no output_audio_mtok for this model'],
  [['input_image_mtok'], false, { ...PARTS, image: 10 + 2 * 70 }],
  [['output_image_mtok'], false, { ...PARTS, image: 10 * 7 + 2 * 10 }],
  [['output_reasoning_mtok'], false, { ...PARTS, reasoning: 4 * 10 }],
  [['web_searches_kcount'], false, 'the price table has no web_searches_kcount for this model'],
  [['storage_searches_kcount'], false, 'the price table has no storage_searches_kcount for this model'],
  [['requests_kcount'], false, { ...PARTS, tool: 2 * 4 + 3 * 6 }],
])(
  'without %j charges what the wider kind costs, or has no price (audio like text: %s)',
  (without, asText, expected) => {
    const rates: Rates = Object.fromEntries(Object.entries(RATES).filter(([key]) => !without.includes(key)))
    expect(costOf(rates, USAGE, 1, asText)).toEqual(expected)
  },
)

it.each<[Usage, string]>([
  [{ audioInputTokens: 3 * M }, 'cached audio tokens (4000000) exceed their total (3000000)'],
  [{ imageInputTokens: 5 * M }, 'cached image tokens (6000000) exceed their total (5000000)'],
  [{ inputTokens: 69 * M }, 'cached, audio and image input tokens (70000000) exceed their total (69000000)'],
  [{ cacheReadInputTokens: 9 * M }, 'cached audio and image tokens (10000000) exceed their total (9000000)'],
  [{ cacheWriteInputTokens: 4 * M }, 'tokens cached for an hour (5000000) exceed their total (4000000)'],
  [{ outputTokens: 8 * M }, 'reasoning, audio and image output tokens (9000000) exceed their total (8000000)'],
])('has no price for counts that contradict each other: %j', (wrong, reason) => {
  expect(costOf(RATES, { ...USAGE, ...wrong }, 1, false)).toBe(reason)
})

it('charges the price of a tier for the whole call as soon as its input is longer than where the tier begins', () => {
  const rates: Rates = {
    input_mtok: {
      base: 1,
      tiers: [
        { start: 10 * M, price: 2 },
        { start: 20 * M, price: 4 },
      ],
    },
    output_mtok: { base: 10, tiers: [{ start: 10 * M, price: 30 }] },
  }
  const parts = (millions: number) => costOf(rates, { inputTokens: millions * M, outputTokens: M }, 1, false)
  expect([10, 11, 20, 21].map(parts)).toEqual([
    { input: 10, output: 10 },
    { input: 22, output: 30 },
    { input: 40, output: 30 },
    { input: 84, output: 30 },
  ])
})
