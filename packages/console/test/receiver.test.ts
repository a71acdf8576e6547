import { connect as connectTcp, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as HttpExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { TracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ConsoleStatus, TraceList } from '../src/index.ts'
import { encodeMessage } from '../src/otlp/encode.ts'
import { TRACES } from '../src/otlp/messages.ts'
import { findPortHolder } from '../src/receiver/port-holder.ts'
import { startConsole } from '../src/index.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { EXPORT, framed, grpcCall } from './grpc-call.ts'
import { spanId, traceRequest } from './otlp-json.ts'

const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const JSON_TYPE = { 'content-type': 'application/json' }

let fixture: ConsoleFixture

beforeAll(async () => {
  fixture = await startFixture({ maxBodyBytes: 64 * 1024 })
})
afterAll(() => fixture.stop())

function post(path: string, headers: Record<string, string>, body: BodyInit): Promise<Response> {
  return fetch(fixture.url + path, { method: 'POST', headers, body })
}

async function exportOne(exporter: HttpExporter | GrpcExporter, name: string): Promise<string> {
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const span = provider.getTracer('test').startSpan(name)
  span.end()
  await provider.forceFlush()
  await provider.shutdown()
  return span.spanContext().traceId
}

const call = (path: string, frame: Buffer) => grpcCall(fixture.console.grpcPort, path, frame)

describe('OTLP over HTTP', () => {
  it('takes what the OpenTelemetry exporter sends', async () => {
    const traceId = await exportOne(new HttpExporter({ url: `${fixture.url}/v1/traces` }), 'by-http')
    const { traces } = await fixture.get<TraceList>('/api/traces')
    expect(traces.find((t) => t.traceId === traceId)?.rootName).toBe('by-http')
  })

  it('takes protobuf, and gzip of it', async () => {
    const body = encodeMessage(TRACES, traceRequest([{ spanId: spanId(1), traceId: 'a'.repeat(32) }]))
    const plain = await post('/v1/traces', PROTOBUF, new Uint8Array(body))
    expect([plain.status, plain.headers.get('content-type'), (await plain.arrayBuffer()).byteLength]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ])
    const zipped = await post('/v1/traces', { ...PROTOBUF, 'content-encoding': 'gzip' }, new Uint8Array(gzipSync(body)))
    expect(zipped.status).toBe(200)
  })

  it('answers a broken body with 400 and the reason', async () => {
    const broken = await post('/v1/traces', JSON_TYPE, '{"resourceSpans": [')
    expect([broken.status, await broken.json()]).toEqual([
      400,
      { code: 3, message: expect.stringContaining('the body is not JSON') },
    ])
    const wrong = await post('/v1/traces', JSON_TYPE, '{"resourceSpans": [{"scopeSpans": 3}]}')
    expect(await wrong.json()).toEqual({
      code: 3,
      message: 'resourceSpans[0].scopeSpans must be an array, it is number',
    })
    const cut = encodeMessage(TRACES, traceRequest([{ spanId: spanId(1) }])).subarray(0, 40)
    expect((await post('/v1/traces', PROTOBUF, new Uint8Array(cut))).status).toBe(400)
    const text = await post('/v1/logs', PROTOBUF, 'this is no log')
    expect(text.status).toBe(400)
    expect((await post('/v1/traces', { ...PROTOBUF, 'content-encoding': 'gzip' }, 'not gzip')).status).toBe(400)
  })

  it('answers a body beyond the limit with 413, also when it only unpacks to that', async () => {
    const large = await post('/v1/traces', PROTOBUF, new Uint8Array(70_000))
    expect(large.status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    const unpacked = await post('/v1/traces', { ...JSON_TYPE, 'content-encoding': 'gzip' }, new Uint8Array(bomb))
    expect([unpacked.status, await unpacked.json()]).toEqual([
      413,
      { code: 8, message: expect.stringContaining('larger than 65536 bytes') },
    ])
  })

  it('lets a sender finish a body that it refuses, so that it reads why and does not try again', async () => {
    const socket = connectTcp(fixture.console.httpPort, '127.0.0.1')
    socket.on('error', () => undefined)
    let answer = ''
    socket.on('data', (part) => (answer += part))
    const part = Buffer.alloc(64 * 1024)
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1:${fixture.console.httpPort}\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${10 * part.length}\r\n\r\n`,
    )
    for (let sent = 0; sent < 10; sent += 1) {
      socket.write(part)
      await setTimeout(5)
    }
    expect(socket.destroyed).toBe(false)
    await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1.1 413 /), { timeout: 30_000 })
    socket.destroy()
  })

  it('answers wrong types, methods and paths with 415, 405 and 404', async () => {
    expect((await post('/v1/traces', { 'content-type': 'text/plain' }, 'x')).status).toBe(415)
    expect((await post('/v1/traces', { ...PROTOBUF, 'content-encoding': 'br' }, 'x')).status).toBe(415)
    const read = await fetch(`${fixture.url}/v1/traces`)
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
    const unknown = await post('/v1/profiles', JSON_TYPE, '{}')
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error: { code: 'not_found', message: expect.stringContaining('OTLP goes to /v1/traces') } },
    ])
  })

  it('stores the valid spans of a request and says how many were not', async () => {
    const good = { spanId: spanId(1), traceId: 'b'.repeat(32) }
    const answer = await fixture.send('traces', traceRequest([good, { spanId: '00'.repeat(8) }, { spanId: 'abcd' }]))
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringContaining('2 without a valid trace id') } },
    ])
    const { traces } = await fixture.get<TraceList>('/api/traces?limit=500')
    expect(traces.find((t) => t.traceId === good.traceId)?.spans).toBe(1)
  })

  it('counts what it rejected, by reason', async () => {
    const { received } = await fixture.get<ConsoleStatus>('/api/status')
    expect(received.rejected).toMatchObject({
      bad_body: expect.any(Number),
      too_large: 3,
      content_type: 1,
      content_encoding: 1,
      method: 1,
      invalid_span: 2,
    })
  })
})

describe('OTLP over gRPC', () => {
  it('takes what the OpenTelemetry exporter sends', async () => {
    const url = `http://127.0.0.1:${fixture.console.grpcPort}`
    const traceId = await exportOne(new GrpcExporter({ url }), 'by-grpc')
    const { traces } = await fixture.get<TraceList>('/api/traces')
    expect(traces.find((t) => t.traceId === traceId)?.rootName).toBe('by-grpc')
  })

  it('refuses broken, oversized and unknown calls with the right status', async () => {
    const body = encodeMessage(TRACES, traceRequest([{ spanId: spanId(1) }]))
    expect((await call(EXPORT, framed(body))).status).toBe('0')
    expect(await call(EXPORT, framed(body.subarray(0, 30)))).toEqual({
      status: '3',
      message: expect.stringContaining('protobuf body ends'),
    })
    expect(await call(EXPORT, framed(body, 7))).toEqual({
      status: '3',
      message: 'the call does not hold exactly one whole message',
    })
    expect((await call(EXPORT, framed(Buffer.alloc(70_000)))).status).toBe('8')
    expect((await call('/some.Service/Method', framed(body))).status).toBe('12')
  })
})

/** Begins a request and never sends its body; resolves when the receiver has asked for it. */
function openRequest(): Promise<Socket> {
  const head = ['POST /v1/traces HTTP/1.1', 'host: localhost', 'content-type: application/json', 'content-length: 50']
  return new Promise((resolve) => {
    const socket = connectTcp({ host: '127.0.0.1', port: fixture.console.httpPort })
    socket.write(`${head.join('\r\n')}\r\nexpect: 100-continue\r\n\r\n`)
    socket.once('data', () => resolve(socket))
  })
}

describe('senders that misbehave', () => {
  it('get 503 when too many of them keep their requests open, and the others are served again after', async () => {
    const slow = await Promise.all(Array.from({ length: 64 }, openRequest))
    const send = (): Promise<Response> => post('/v1/traces', JSON_TYPE, '{}')
    const refused = await send()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    for (const socket of slow) socket.destroy()
    let answer = await send()
    while (answer.status === 503) answer = await send()
    expect(answer.status).toBe(200)
  })

  it('cannot stop the receiver with bytes that are no protocol at all', async () => {
    const noise = (port: number): Promise<void> =>
      new Promise((resolve) => {
        const socket = connectTcp({ host: '127.0.0.1', port }, () => socket.end(Buffer.alloc(5000, 0x16)))
        socket.on('error', () => resolve()).on('close', () => resolve())
        socket.resume()
      })
    await Promise.all([noise(fixture.console.httpPort), noise(fixture.console.grpcPort!)])
    expect((await post('/v1/traces', JSON_TYPE, '{}')).status).toBe(200)
    expect((await call(EXPORT, framed(Buffer.alloc(0)))).status).toBe('0')
  })
})

describe('ports', () => {
  it('says who holds a port that is taken, and how to take another', async () => {
    const port = fixture.console.httpPort
    const started = startConsole({ port, grpcPort: 0, dataFile: `${fixture.dataFile}.other` })
    await expect(started).rejects.toThrow(
      new RegExp(
        `Port ${port} on 127.0.0.1 is in use by process ${process.pid} \\(.+\\)\\. Stop it, or choose another port with --port\\.`,
      ),
    )
    expect(findPortHolder(port)).toEqual({ pid: process.pid, command: expect.stringContaining('node') })
  })

  it('listens on loopback only', async () => {
    const reached = (host: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connectTcp({ host, port: fixture.console.httpPort })
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
        socket.on('connect', () => socket.destroy())
      })
    const { networkInterfaces } = await import('node:os')
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    expect(await reached('127.0.0.1')).toBe(true)
    for (const { address } of outside) expect(await reached(address)).toBe(false)
  })
})
