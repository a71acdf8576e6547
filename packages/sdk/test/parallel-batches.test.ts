import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { trace } from '@opentelemetry/api'
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

const asked = (): Promise<void> => vi.waitUntil(() => unanswered.length > 0).then(() => undefined)

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume().once('end', () => (slow ? unanswered.push(response) : response.writeHead(200).end()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  agentel = startAgentel()
  spans(1)
  expect(await agentel.forceFlush()).toBe(true)
  slow = true
})
afterEach(async () => {
  answer()
  await agentel.shutdown()
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
})

function spans(count: number): void {
  const tracer = trace.getTracer('app')
  for (let i = 0; i < count; i++) tracer.startSpan('step').end()
}

it('a destination that is slow costs no span while four batches are on their way and a queue is full', async () => {
  spans(4 * 512 + 2048)
  await asked()
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().traces).toEqual({ exported: 1 + 4096, failed: 0 })
})

it('what is held for it is bounded', async () => {
  spans(10_000)
  await asked()
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().traces).toEqual({ exported: 1 + 4096, failed: 0 })
})

it('goes on in parallel when the destination is quick again', async () => {
  spans(4096)
  await asked()
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  slow = true
  spans(4096)
  await asked()
  answer()
  expect(await agentel.forceFlush()).toBe(true)
  expect(agentel.exports().traces.exported).toBe(1 + 2 * 4096)
})

it('a flush waits for the batches that were on their way before it', async () => {
  spans(512)
  await asked()
  const flushed = agentel.forceFlush()
  answer()
  expect(await flushed).toBe(true)
  expect(agentel.exports().traces.exported).toBe(1 + 512)
})
