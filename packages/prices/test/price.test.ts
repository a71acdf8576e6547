import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as genaiPrices from '@pydantic/genai-prices'
import { expect, it } from 'vitest'
import { parseOwnPrices, PRICE_TABLE_VERSION, priceUsage, type Priced, type Usage } from '../src/index.ts'

const require = createRequire(import.meta.url)
const library = require('@pydantic/genai-prices') as typeof genaiPrices

it('names the table that is installed as its version', () => {
  const file = require.resolve('@pydantic/genai-prices').replace(/dist\/[^/]*$/, 'package.json')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  expect(PRICE_TABLE_VERSION).toBe(`genai-prices ${version}`)
  expect(priceUsage({ provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1000, outputTokens: 100 } })).toEqual({
    amount: 0.0035,
    parts: { input: 0.0025, output: 0.001 },
    pricingVersion: `genai-prices ${version}`,
    provider: 'openai',
    model: 'gpt-4o',
  })
})

it.each([
  [
    'an unknown model',
    { provider: 'openai', model: 'gpt-nope', usage: { inputTokens: 1 } },
    'no price is known for model gpt-nope of provider openai',
  ],
  [
    'an unknown provider',
    { provider: 'our-own', model: 'gpt-4o', usage: { inputTokens: 1 } },
    'no price is known for model gpt-4o of provider our-own',
  ],
  ['no model', { provider: 'openai', model: [], usage: { inputTokens: 1 } }, 'the call names no model'],
  [
    'a model without a name',
    { provider: 'openai', model: ['', ''], usage: { inputTokens: 1 } },
    'the call names no model',
  ],
  ['no usage', { provider: 'openai', model: 'gpt-4o', usage: {} }, 'the call reported no usage'],
  [
    'a count that is none',
    { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: -1 } },
    'inputTokens is -1, not a count',
  ],
  [
    'a count that is no number',
    { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1, outputTokens: Number.NaN } },
    'outputTokens is NaN, not a count',
  ],
  [
    'more cached than total input',
    { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 5, cacheReadInputTokens: 100 } },
    'openai gpt-4o: cached, audio and image input tokens (100) exceed their total (5)',
  ],
  [
    'more reasoning than output',
    { provider: 'openai', model: 'gpt-5', usage: { inputTokens: 5, outputTokens: 1, reasoningOutputTokens: 2 } },
    'openai gpt-5: reasoning, audio and image output tokens (2) exceed their total (1)',
  ],
  [
    'a tier without list price',
    { provider: 'openai', model: 'gpt-5', serviceTier: 'priority', usage: { inputTokens: 5 } },
    'no price is known for service tier priority of openai gpt-5',
  ],
  [
    'a tier that no provider has',
    { provider: 'openai', model: 'gpt-5', serviceTier: 'constructor', usage: { inputTokens: 5 } },
    'no price is known for service tier constructor of openai gpt-5',
  ],
  [
    'a provider by the name of what every object has',
    { provider: 'toString', model: 'gpt-4o', usage: { inputTokens: 1 } },
    'no price is known for model gpt-4o of provider toString',
  ],
  [
    'audio for which the table has text prices only',
    { provider: 'openai', model: 'gpt-4o-audio-preview', usage: { inputTokens: 5, audioInputTokens: 5 } },
    'openai gpt-4o-audio-preview: the price table has no input_audio_mtok for this model',
  ],
  [
    'output of a model that has an input price only',
    { provider: 'openai', model: 'text-embedding-3-small', usage: { inputTokens: 5, outputTokens: 5 } },
    'openai text-embedding-3-small: the price table has no output_mtok for this model',
  ],
])('says why there is no price for %s, and gives no amount', (_, request, unpriced) => {
  expect(priceUsage(request)).toEqual({ unpriced })
})

it('prices a model that is given away as zero, which differs from unpriced', () => {
  const ownPrices = parseOwnPrices({
    version: 'v',
    models: [{ model: 'local', prices: { input_mtok: 0, output_mtok: 0 } }],
  })
  const priced = priceUsage({
    provider: 'ours',
    model: 'local',
    usage: { inputTokens: 10, outputTokens: 10 },
    ownPrices,
  })
  expect(priced).toEqual({ amount: 0, parts: {}, pricingVersion: 'v', provider: 'ours', model: 'local' })
})

it('falls back to the model of the request when that of the response has no price', () => {
  const usage = { inputTokens: 1000 }
  expect(priceUsage({ provider: 'openai', model: ['snapshot-x', 'gpt-4o'], usage })).toMatchObject({
    amount: 0.0025,
    model: 'gpt-4o',
  })
})

it('prices a call by its own terms, whatever calls of the same model came before it', () => {
  const usage: Usage = { inputTokens: 1000, outputTokens: 100 }
  const call = { provider: 'openai', model: ['gpt-4o', 'gpt-4o-mini'], usage }
  const ownPrices = parseOwnPrices({ models: [{ model: 'gpt-4o', prices: { input_mtok: 1, output_mtok: 1 } }] })
  const calls = [
    call,
    { ...call, serviceTier: 'batch' },
    { ...call, ownPrices },
    { ...call, provider: 'our-own' },
    { ...call, model: ['gpt-4o', 'gpt-nope'] },
    { ...call, model: ['gpt-nope', 'gpt-4o-mini'] },
    { ...call, model: 'gpt-nope' },
    { ...call, usage: { inputTokens: 2000 } },
  ]
  const amount = (request: (typeof calls)[number]) => (priceUsage(request) as Partial<Priced>).amount
  const expected = [0.0035, 0.00175, 0.0011, undefined, 0.0035, 0.00021, undefined, 0.005]
  for (const order of [calls, calls.toReversed(), calls, calls.flatMap((one) => [call, one])]) {
    for (const request of order) {
      const should = expected[calls.indexOf(request)]
      if (should === undefined) expect(amount(request)).toBeUndefined()
      else expect(amount(request)).toBeCloseTo(should, 9)
    }
  }
})

it('looks at the whole list of models each time, though a list that began the same was priced before', () => {
  const ownPrices = parseOwnPrices({ models: [{ model: 'our-alias', prices: { input_mtok: 1 } }] })
  const price = (model: string[]) =>
    (priceUsage({ provider: 'openai', model, usage: { inputTokens: 1_000_000 }, ownPrices }) as Partial<Priced>).amount
  expect(price(['gpt-4o'])).toBe(2.5)
  expect(price(['gpt-4o', 'our-alias'])).toBe(1)
  const models = ['gpt-4o']
  expect(price(models)).toBe(2.5)
  models.push('our-alias')
  expect(price(models)).toBe(1)
})

it.each(['default', 'auto', 'standard', 'on_demand'])('prices the service tier %s as the list does', (serviceTier) => {
  const call = { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1000 } }
  expect(priceUsage({ ...call, serviceTier })).toEqual(priceUsage(call))
})

it('guesses the provider from the model only when none is named', () => {
  expect(priceUsage({ model: 'claude-sonnet-4-20250514', usage: { inputTokens: 1000 } })).toMatchObject({
    amount: 0.003,
    provider: 'anthropic',
  })
})

const DAY = Date.parse('2026-11-21T12:00:00Z')

/** A linear congruential generator: the same calls on every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

it('agrees with the arithmetic of genai-prices for every model of every provider that an attribute can name', async () => {
  const names: Record<string, string> = {
    google: 'gcp.gemini',
    aws: 'aws.bedrock',
    mistral: 'mistral_ai',
    'x-ai': 'x_ai',
    moonshotai: 'moonshot_ai',
    azure: 'azure.ai.openai',
  }
  const random = randomFrom(7)
  let compared = 0
  for (const provider of (await library.waitForUpdate()) ?? []) {
    if (
      ![
        'openai',
        'anthropic',
        'google',
        'aws',
        'mistral',
        'deepseek',
        'groq',
        'x-ai',
        'moonshotai',
        'cohere',
        'azure',
      ].includes(provider.id)
    )
      continue
    for (const model of provider.models) {
      const inputTokens = Math.floor(random() * 400_000)
      const read = Math.floor(random() * inputTokens * 0.5)
      const write = Math.floor(random() * inputTokens * 0.3)
      const outputTokens = Math.floor(random() * 5000)
      const usage: Usage = { inputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: write, outputTokens }
      const ours = priceUsage({ provider: names[provider.id] ?? provider.id, model: model.id, usage, timestamp: DAY })
      if ('unpriced' in ours) continue
      const theirs = library.calcPrice(
        { input_tokens: inputTokens, cache_read_tokens: read, cache_write_tokens: write, output_tokens: outputTokens },
        model.id,
        { providerId: provider.id, timestamp: new Date(DAY) },
      )
      expect(ours.amount, `${provider.id} ${model.id}`).toBeCloseTo(theirs?.total_price ?? NaN, 9)
      expect(Object.values((ours as Priced).parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(ours.amount, 12)
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(200)
})
