import { emitEvent } from '@agentel/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'
import { openSlowDestination, type SlowDestination } from './slow-destination.ts'

let destination: SlowDestination
let agentel: Agentel

async function begin(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const all = {
    OTEL_EXPORTER_OTLP_ENDPOINT: destination.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_TRACES_EXPORTER: 'none',
    ...settings,
  }
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value)
  agentel = startAgentel()
  events(1)
  expect(await agentel.forceFlush()).toBe(true)
  destination.slowDown()
}

beforeEach(async () => {
  destination = await openSlowDestination()
})
afterEach(async () => {
  destination.answer()
  await agentel.shutdown()
  vi.unstubAllEnvs()
  destination.close()
})

function events(count: number): void {
  for (let i = 0; i < count; i++) emitEvent('step', { i })
}

it('a destination that is slow costs no record while four batches are on their way and a queue is full; what is beyond is dropped', async () => {
  await begin()
  events(10_000)
  await destination.asked(4)
  expect(destination.unanswered).toHaveLength(4)
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 4 * 512 + 2048, failed: 0 })
})

it('what comes in between, by and by, costs none either', async () => {
  await begin({ OTEL_BLRP_SCHEDULE_DELAY: '20' })
  for (let batches = 1; batches <= 4; batches++) {
    events(100)
    await destination.asked(batches)
  }
  events(2048)
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 400 + 2048, failed: 0 })
})

it('keeps to a queue that is smaller than two batches, as it was set', async () => {
  await begin({ OTEL_BLRP_MAX_QUEUE_SIZE: '100', OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '60' })
  events(1000)
  await destination.asked(1)
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 60 + 100, failed: 0 })
})

it('a flush waits for what another one is sending, and for what came since', async () => {
  await begin()
  events(100)
  const first = agentel.forceFlush()
  await destination.asked(1)
  events(7)
  const second = agentel.forceFlush()
  let isSecondDone = false
  void second.then(() => (isSecondDone = true))
  await new Promise(setImmediate)
  expect(isSecondDone).toBe(false)
  destination.answer()
  expect(await first).toBe(true)
  expect(await second).toBe(true)
  expect(agentel.exports().logs).toEqual({ exported: 1 + 107, failed: 0 })
})

it('the end waits for a flush that is under way, and sends what came since', async () => {
  await begin()
  events(600)
  void agentel.forceFlush()
  await destination.asked(1)
  events(5)
  const ended = agentel.shutdown()
  destination.answer()
  await ended
  expect(agentel.exports().logs).toEqual({ exported: 1 + 605, failed: 0 })
})
