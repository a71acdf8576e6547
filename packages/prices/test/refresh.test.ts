import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { PRICE_TABLE_VERSION, priceUsage, refreshPrices } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-refresh-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A table with one model of one provider. */
function table(price: number): string {
  const model = { id: 'gpt-4o', match: { starts_with: 'gpt-4o' }, prices: { input_mtok: price } }
  return JSON.stringify([{ id: 'openai', name: 'OpenAI', api_pattern: 'https://x', models: [model] }])
}

const price = () => priceUsage({ provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1_000_000 } })

it('takes newer prices from a file or a URL, and keeps those in force when the new ones are no good', async () => {
  expect(price()).toMatchObject({ amount: 2.5, pricingVersion: PRICE_TABLE_VERSION })

  const file = join(folder, 'prices.json')
  writeFileSync(file, table(7))
  const version = await refreshPrices(file)
  expect(version).toMatch(/^genai-prices [0-9a-f]{12}$/)
  expect(price()).toMatchObject({ amount: 7, pricingVersion: version })

  const server = createServer((request, response) => {
    if (request.url === '/prices.json') response.end(table(8))
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await refreshPrices(`${url}/prices.json`)
  expect(price()).toMatchObject({ amount: 8 })

  for (const [text, message] of [
    ['[]', 'must be a list of providers'],
    ['{', 'JSON'],
    ['[{"models":[{"id":"x","prices":[{"constraint":{"type":"?"}}]}]}]', 'constraint'],
  ]) {
    writeFileSync(file, text ?? '')
    await expect(refreshPrices(file)).rejects.toThrow(message)
  }
  await expect(refreshPrices(`${url}/none.json`)).rejects.toThrow(
    `prices cannot be refreshed from ${url}/none.json: the server answered 404. The prices in force stay.`,
  )
  expect(price()).toMatchObject({ amount: 8 })
  server.close()
})
