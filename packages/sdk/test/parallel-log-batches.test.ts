import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { emitEvent } from '@agentel/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'

/** A destination that answers when it is told to. */
let server: Server
let unanswered: ServerResponse[] = []
let slow = false
let agentel: Agentel

const answer = (): void => {
  slow = false
  for (const response of unanswered.splice(0)) response.writeHead(200).end()
}

const asked = (requests: number): Promise<void> =>
  vi.waitUntil(() => unanswered.length >= requests, { timeout: 5000 }).then(() => undefined)

async function begin(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const all = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_TRACES_EXPORTER: 'none',
    ...settings,
  }
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value)
  agentel = startAgentel()
  events(1)
  expect(await agentel.forceFlush()).toBe(true)
  slow = true
}

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume().once('end', () => (slow ? unanswered.push(response) : response.writeHead(200).end()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  answer()
  await agentel.shutdown()
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
})

function events(count: number): void {
  for (let i = 0; i < count; i++) emitEvent('step', { i })
}

it('a destination that is slow costs no record while four batches are on their way and a queue is full; what is beyond is dropped', async () => {
  await begin()
  events(10_000)
  await asked(4)
  expect(unanswered).toHaveLength(4)
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 4 * 512 + 2048, failed: 0 })
})

it('what comes in between, by and by, costs none either', async () => {
  await begin({ OTEL_BLRP_SCHEDULE_DELAY: '20' })
  for (let batches = 1; batches <= 4; batches++) {
    events(100)
    await asked(batches)
  }
  events(2048)
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 400 + 2048, failed: 0 })
})

it('keeps to a queue that is smaller than two batches, as it was set', async () => {
  await begin({ OTEL_BLRP_MAX_QUEUE_SIZE: '100', OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '60' })
  events(1000)
  await asked(1)
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 60 + 100, failed: 0 })
})

it('a flush waits for what another one is sending, and for what came since', async () => {
  await begin()
  events(100)
  const first = agentel.forceFlush()
  await asked(1)
  events(7)
  const second = agentel.forceFlush()
  let isSecondDone = false
  void second.then(() => (isSecondDone = true))
  await new Promise(setImmediate)
  expect(isSecondDone).toBe(false)
  answer()
  expect(await first).toBe(true)
  expect(await second).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 107, failed: 0 })
})

it('the end waits for a flush that is under way, and sends what came since', async () => {
  await begin()
  events(600)
  void agentel.forceFlush()
  await asked(1)
  events(5)
  const ended = agentel.shutdown()
  answer()
  await ended
  expect(agentel.exports().logs).toEqual({ exported: 1 + 605, failed: 0 })
})
