import { afterAll, beforeAll, expect, it } from 'vitest'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import type { ConsoleStatus, TraceList } from '../src/index.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { spanId, traceRequest } from './otlp-json.ts'

let fixture: ConsoleFixture

beforeAll(async () => {
  fixture = await startFixture({ maxPages: 90 })
})
afterAll(() => fixture.stop())

function noise(): string {
  return Array.from({ length: 4000 }, () => Math.random().toString(36).slice(2)).join('')
}

it('tells senders to come back, over HTTP and gRPC, says why in the status, and goes on serving', async () => {
  let stored = 0
  let refused: Response | undefined
  while (refused === undefined && stored < 500) {
    const traceId = (stored + 1).toString(16).padStart(32, '0')
    const answer = await fixture.send(
      'traces',
      traceRequest([{ traceId, spanId: spanId(1), attributes: { noise: noise() } }]),
    )
    if (answer.ok) stored++
    else refused = answer
  }
  expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '10'])
  expect(await refused?.json()).toEqual({ code: 14, message: expect.stringContaining('is full') })

  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${fixture.console.grpcPort}`, timeoutMillis: 300 })
  const error = await new Promise<Error | undefined>((resolve) => {
    exporter.export([spanOf(noise())], (result) => resolve(result.error))
  })
  expect(error).toBeDefined()
  await exporter.shutdown()

  const status = await fixture.get<ConsoleStatus>('/api/status')
  expect(status.store.fault).toMatch(/^the disk \(or the quota\) of .*console\.db is full/)
  expect(status.received.rejected.store_fault).toBeGreaterThanOrEqual(1)
  const { traces, total } = await fixture.get<TraceList>('/api/traces?limit=500')
  expect([traces.length, total]).toEqual([stored, stored])
})

/** As the SDK hands it to an exporter. */
function spanOf(text: string): never {
  return {
    name: 'refused',
    kind: 0,
    spanContext: () => ({ traceId: 'e'.repeat(32), spanId: spanId(1), traceFlags: 1 }),
    startTime: [1_790_000_000, 0],
    endTime: [1_790_000_001, 0],
    duration: [1, 0],
    status: { code: 0 },
    attributes: { text },
    events: [],
    links: [],
    ended: true,
    resource: { attributes: {} },
    instrumentationScope: { name: 'test' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  } as never
}
