import { trace } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'
import { openSlowDestination, type SlowDestination } from './slow-destination.ts'

let destination: SlowDestination
let agentel: Agentel

beforeEach(async () => {
  destination = await openSlowDestination()
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: destination.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  agentel = startAgentel()
  spans(1)
  expect(await agentel.forceFlush()).toBe(true)
  destination.slowDown()
})
afterEach(async () => {
  destination.answer()
  await agentel.shutdown()
  vi.unstubAllEnvs()
  destination.close()
})

function spans(count: number): void {
  const tracer = trace.getTracer('app')
  for (let i = 0; i < count; i++) tracer.startSpan('step').end()
}

it('a destination that is slow costs no span while four batches are on their way and a queue is full', async () => {
  spans(4 * 512 + 2048)
  await destination.asked()
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().traces).toEqual({ exported: 1 + 4096, failed: 0 })
})

it('what is held for it is bounded', async () => {
  spans(10_000)
  await destination.asked()
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().traces).toEqual({ exported: 1 + 4096, failed: 0 })
})

it('goes on in parallel when the destination is quick again', async () => {
  spans(4096)
  await destination.asked()
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  destination.slowDown()
  spans(4096)
  await destination.asked()
  destination.answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().traces.exported).toBe(1 + 2 * 4096)
})

it('a flush waits for the batches that were on their way before it', async () => {
  spans(512)
  await destination.asked()
  const flushed = agentel.forceFlush()
  destination.answer()
  expect(await flushed).toBe(true)
  expect(agentel.exports().traces.exported).toBe(1 + 512)
})
