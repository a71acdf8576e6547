import { afterAll, beforeAll, expect, it } from 'vitest'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ConsoleStatus, TraceList } from '../src/index.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { EXPORT, framed, grpcCall } from './grpc-call.ts'
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

  const body = ProtobufTraceSerializer.serializeRequest([spanOf(noise())])!
  const { details, ...end } = await grpcCall(fixture.console.grpcPort, EXPORT, framed(body))
  expect(end).toEqual({ status: '14', message: expect.stringContaining('is full') })
  // google.rpc.Status: code, message, and as a detail the google.rpc.RetryInfo with its google.protobuf.Duration.
  const [code, message, detail, ...more] = fieldsOf(details!)
  expect([code, message, more]).toEqual([[1, 14], [2, Buffer.from(end.message)], []])
  const [type, value] = fieldsOf(detail![1] as Buffer)
  expect([detail![0], type]).toEqual([3, [1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')]])
  const [delay] = fieldsOf(value![1] as Buffer)
  expect([value![0], delay![0], fieldsOf(delay![1] as Buffer)]).toEqual([2, 1, [[1, 10]]])

  const status = await fixture.get<ConsoleStatus>('/api/status')
  expect(status.store.fault).toMatch(/^the disk \(or the quota\) of .*console\.db is full/)
  expect(status.received.rejected.store_fault).toBeGreaterThanOrEqual(1)
  const { traces, total } = await fixture.get<TraceList>('/api/traces?limit=500')
  expect([traces.length, total]).toEqual([stored, stored])
})

/** The fields of a protobuf message, by number: whole numbers, and bytes. */
function fieldsOf(bytes: Buffer): [number: number, value: number | Buffer][] {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  const fields: [number, number | Buffer][] = []
  while (at < bytes.length) {
    const tag = varint()
    const value = varint()
    if (tag % 8 === 0) fields.push([tag >> 3, value])
    else fields.push([tag >> 3, bytes.subarray(at, (at += value))])
  }
  return fields
}

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
