import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { priceUsage } from '@agentel/prices'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { costEnricher } from '../src/index.ts'

const HOUR = 3_600_000
const price = () => {
  const priced = priceUsage({ provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1_000_000 } })
  return 'amount' in priced ? priced.amount : undefined
}

let server: Server
let url: string
let asked = 0
let table = ''
beforeEach(async () => {
  asked = 0
  const model = { id: 'gpt-4o', match: { starts_with: 'gpt-4o' }, prices: { input_mtok: 7 } }
  table = JSON.stringify([{ id: 'openai', name: 'OpenAI', api_pattern: 'https://x', models: [model] }])
  server = createServer((_request, response) => {
    asked++
    response.end(table)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prices.json`
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
  diag.disable()
  server.close()
})

it('looks for newer prices only when it is told where, never at the start, and no more after its end', async () => {
  const silent = costEnricher()
  vi.advanceTimersByTime(100 * HOUR)
  const before = price()
  const enricher = costEnricher({ refresh: url, refreshHours: 2 })
  vi.advanceTimersByTime(2 * HOUR - 1)
  expect({ asked, price: price() }).toEqual({ asked: 0, price: before })
  vi.advanceTimersByTime(1)
  await vi.waitFor(() => expect(price()).toBe(7), { timeout: 30_000 })
  expect(asked).toBe(1)
  await enricher.shutdown?.()
  await silent.shutdown?.()
  vi.advanceTimersByTime(100 * HOUR)
  expect(asked).toBe(1)
})

it('looks once a day when no time is named, and says what was no good while the prices in force stay', async () => {
  const warnings: string[] = []
  const quiet = () => undefined
  const logger = {
    verbose: quiet,
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (text: string) => warnings.push(text),
  }
  diag.setLogger(logger, DiagLogLevel.WARN)
  table = '[]'
  const before = price()
  const enricher = costEnricher({ refresh: url })
  vi.advanceTimersByTime(24 * HOUR)
  await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 30_000 })
  expect(warnings[0]).toContain(`prices cannot be refreshed from ${url}: a price table must be a list of providers`)
  expect(price()).toBe(before)
  await enricher.shutdown?.()
})
