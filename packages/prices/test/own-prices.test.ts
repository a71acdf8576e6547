import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseOwnPrices, PriceFileError, priceUsage, readPriceFile } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-prices-'))
afterAll(() => rmSync(folder, { recursive: true }))

const own = parseOwnPrices({
  version: 'acme 3',
  models: [
    { model: 'acme-*', prices: { input_mtok: 1, output_mtok: 2 } },
    {
      model: 'acme-large',
      provider: 'openai',
      prices: { input_mtok: { base: 4, tiers: [{ start: 1000, price: 8 }] }, output_mtok: 16 },
      service_tiers: { batch: 0.25 },
    },
    { provider: 'openai', model: 'gpt-4o', prices: { input_mtok: 2, output_mtok: 8 } },
  ],
})

it('lets own prices win over the table, and says so in the version', () => {
  const usage = { inputTokens: 1000, outputTokens: 100 }
  expect(priceUsage({ provider: 'openai', model: 'gpt-4o', usage, ownPrices: own })).toEqual({
    amount: 0.0028,
    parts: { input: 0.002, output: 0.0008 },
    pricingVersion: 'acme 3',
    provider: 'openai',
    model: 'gpt-4o',
  })
})

it('takes an exact name before a beginning, and a table price when neither fits', () => {
  const usage = { inputTokens: 1_000 }
  const price = (provider: string, model: string) => priceUsage({ provider, model, usage, ownPrices: own })
  expect(price('openai', 'acme-large')).toMatchObject({ amount: 0.004, model: 'acme-large' })
  expect(price('other', 'acme-large')).toMatchObject({ amount: 0.001, model: 'acme-*' })
  expect(price('openai', 'gpt-4o-mini')).toMatchObject({ amount: 0.00015 })
})

it('takes the longest beginning that fits, and of one name the entry that names the provider', () => {
  const models = [
    { model: 'acme-*', prices: { input_mtok: 1 } },
    { model: 'acme-large-*', prices: { input_mtok: 2 } },
    { model: 'acme', prices: { input_mtok: 3 } },
    { provider: 'openai', model: 'acme', prices: { input_mtok: 4 } },
  ]
  for (const ordered of [models, models.toReversed()]) {
    const ownPrices = parseOwnPrices({ models: ordered })
    const amount = (provider: string, model: string) =>
      (priceUsage({ provider, model, usage: { inputTokens: 1_000_000 }, ownPrices }) as { amount?: number }).amount
    expect([amount('x', 'acme-1'), amount('x', 'acme-large-1'), amount('x', 'acme'), amount('openai', 'acme')]).toEqual(
      [1, 2, 3, 4],
    )
  }
})

it('applies tiers in the order of their lengths, however they are written down', () => {
  const tiers = [
    { start: 2000, price: 16 },
    { start: 1000, price: 8 },
  ]
  const ownPrices = parseOwnPrices({ models: [{ model: 'm', prices: { input_mtok: { base: 4, tiers } } }] })
  const amounts = [1000, 2000, 3000].map(
    (inputTokens) => (priceUsage({ model: 'm', usage: { inputTokens }, ownPrices }) as { amount?: number }).amount,
  )
  expect(amounts).toEqual([0.004, 0.016, 0.048])
})

it('applies own length tiers and own service tiers', () => {
  const request = { provider: 'openai', model: 'acme-large', usage: { inputTokens: 2000 }, ownPrices: own }
  expect(priceUsage(request)).toMatchObject({ amount: 0.016 })
  expect(priceUsage({ ...request, serviceTier: 'batch' })).toMatchObject({ amount: 0.004 })
})

it('reads the same prices from YAML and JSON, with a version made from the content when none is given', () => {
  const yaml = join(folder, 'prices.yaml')
  const json = join(folder, 'prices.json')
  writeFileSync(yaml, 'models:\n  - model: m1\n    prices: {input_mtok: 3}\n')
  writeFileSync(json, '{"models":[{"model":"m1","prices":{"input_mtok":3}}]}')
  const usage = { inputTokens: 1_000_000 }
  const results = [yaml, json].map((path) => priceUsage({ model: 'm1', usage, ownPrices: readPriceFile(path) }))
  expect(results[0]).toMatchObject({ amount: 3, pricingVersion: expect.stringMatching(/^own [0-9a-f]{12}$/) })
  expect(results[1]).toEqual(results[0])
})

it.each([
  [{}, 'own prices: models must be a list'],
  [
    { models: [{ model: 'm', prices: { input: 1 } }] },
    'own prices: models[0].prices.input is not known; known are input_mtok, ',
  ],
  [
    { models: [{ model: 'm', prices: { input_mtok: '1' } }] },
    'own prices: models[0].prices.input_mtok must be a number of at least 0',
  ],
  ...[Number.POSITIVE_INFINITY, -1].map((price): [object, string] => [
    { models: [{ model: 'm', prices: { input_mtok: price } }] },
    'own prices: models[0].prices.input_mtok must be a number of at least 0',
  ]),
  [{ models: [{ prices: {} }] }, 'own prices: models[0].model must be a text that is not empty'],
  [{ models: [], currency: 'EUR' }, 'own prices: the whole.currency is not known; known are version, models'],
])('refuses %j and names the path', (input, message) => {
  expect(() => parseOwnPrices(input)).toThrow(PriceFileError)
  expect(() => parseOwnPrices(input)).toThrow(message)
})

it('names the file that cannot be read', () => {
  expect(() => readPriceFile(join(folder, 'none.json'))).toThrow(/price file .*none\.json: ENOENT/)
})
