import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { faultCounts, resetFaults } from '@agentel/api'
import { enricherProcessor } from '@agentel/processor-kit'
import { installSdk } from '@agentel/testing/contract'
import { JsonLogsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterEach, expect, it } from 'vitest'
import { redactingExporter, redactionEnricher } from '../src/index.ts'

afterEach(() => resetFaults())

const secret = 'ann@example.org'

function fill(tracer: Tracer): void {
  const span = tracer.startSpan(`chat ${secret}`, {
    attributes: { note: secret, password: 'p', list: ['x', secret], count: 3 },
    links: [
      { context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }, attributes: { note: secret } },
    ],
  })
  span.recordException(new Error(`for ${secret}`))
  span.setStatus({ code: SpanStatusCode.ERROR, message: `for ${secret}` })
  span.end()
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()
const microtasks = () => new Promise((resolve) => setImmediate(resolve))

it('gives an exporter redacted copies of spans, whole enough for OTLP, and leaves those of others as they are', async () => {
  const [ours, others] = [new InMemorySpanExporter(), new InMemorySpanExporter()]
  const wrapped = redactingExporter(ours, { restricted: ['list'] }) as SpanExporter
  const provider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: wrapped }), new SimpleSpanProcessor({ exporter: others })],
  })
  fill(provider.getTracer('t'))
  await microtasks()
  const [redacted] = ours.getFinishedSpans()
  const [whole] = others.getFinishedSpans()
  expect(redacted?.name).toBe('chat [REDACTED:email]')
  expect(redacted?.attributes).toEqual({
    note: '[REDACTED:email]',
    password: '[REDACTED:key]',
    count: 3,
    'agentel.redaction.count': 7,
    'agentel.redaction.rules': ['email', 'key'],
  })
  expect(redacted?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'for [REDACTED:email]' })
  expect(redacted?.links[0]?.attributes).toEqual({ note: '[REDACTED:email]' })
  expect(redacted?.events[0]?.attributes?.['exception.message']).toBe('for [REDACTED:email]')
  expect(whole?.attributes).toEqual({ note: secret, password: 'p', list: ['x', secret], count: 3 })
  const otlp = text(JsonTraceSerializer.serializeRequest([redacted as ReadableSpan]))
  expect(otlp).toContain(whole?.spanContext().traceId)
  expect(otlp).not.toContain(secret)
  await wrapped.shutdown()
  expect(ours.getFinishedSpans()).toEqual([])
})

it('gives an exporter redacted copies of log records', async () => {
  const ours = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({
    processors: [
      new SimpleLogRecordProcessor({
        exporter: redactingExporter(ours, { restricted: ['private'] }) as InMemoryLogRecordExporter,
      }),
    ],
  })
  provider
    .getLogger('t')
    .emit({ eventName: 'e', body: { to: secret, api_key: 'k' }, attributes: { note: secret, private: 'x' } })
  await microtasks()
  const [record] = ours.getFinishedLogRecords()
  expect({ body: record?.body, attributes: record?.attributes, eventName: record?.eventName }).toEqual({
    body: { to: '[REDACTED:email]', api_key: '[REDACTED:key]' },
    attributes: { note: '[REDACTED:email]', 'agentel.redaction.count': 3, 'agentel.redaction.rules': ['email', 'key'] },
    eventName: 'e',
  })
  expect(text(JsonLogsSerializer.serializeRequest([record as ReadableLogRecord]))).not.toContain(secret)
})

it('counts nothing twice behind a processor that has redacted before', async () => {
  const ours = new InMemorySpanExporter()
  const provider = new TracerProvider({
    spanProcessors: [
      enricherProcessor([redactionEnricher({ mode: 'hash', hashKey: 'a key of 16 chars' })]),
      new SimpleSpanProcessor({
        exporter: redactingExporter(ours, { mode: 'hash', hashKey: 'a key of 16 chars' }) as SpanExporter,
      }),
    ],
  })
  provider
    .getTracer('t')
    .startSpan('s', { attributes: { note: secret, password: 'p' } })
    .end()
  await microtasks()
  expect(ours.getFinishedSpans()[0]?.attributes).toEqual({
    note: expect.stringMatching(/^\[REDACTED:email:[0-9a-f]{16}\]$/),
    password: expect.stringMatching(/^\[REDACTED:key:[0-9a-f]{16}\]$/),
    'agentel.redaction.count': 2,
    'agentel.redaction.rules': ['email', 'key'],
  })
})

it('lets nothing out that it could not look at, and tells the processor so', () => {
  const ours = new InMemorySpanExporter()
  const broken = {
    name: 'broken',
    find: () => {
      throw new Error('no')
    },
  }
  const results: unknown[] = []
  redactingExporter<object>(ours as never, { detectors: [broken] }).export(
    [{ name: 'a name', attributes: {} }],
    (result) => results.push(result),
  )
  expect(results).toEqual([{ code: 1, error: new Error('redaction failed, so the batch was not sent') }])
  expect(ours.getFinishedSpans()).toEqual([])
  expect(faultCounts()).toEqual({ 'redaction.export': 1 })
})

it('turns what an exporter throws into a failed result', () => {
  const results: unknown[] = []
  const throwing = {
    export: () => {
      throw new Error('down')
    },
    shutdown: async () => {},
  }
  redactingExporter<object>(throwing).export([], (result) => results.push(result))
  expect(results).toEqual([{ code: 1, error: new Error('down') }])
})

interface Sdk22 {
  BasicTracerProvider: new (options: { spanProcessors: unknown[] }) => TracerProvider
  InMemorySpanExporter: typeof InMemorySpanExporter
  SimpleSpanProcessor: new (exporter: unknown) => SimpleSpanProcessor
}

it('serves a host that never calls onEnding and whose synchronous exporter is registered first', async () => {
  const root = join(import.meta.dirname, '../../../..')
  const folder = await installSdk('opentelemetry-2.2', 2, {
    matrix: join(root, 'test/matrix'),
    cache: join(root, '.cache/matrix'),
  })
  const sdk = createRequire(join(folder, 'index.js'))('@opentelemetry/sdk-trace-base') as Sdk22
  const [plain, ours] = [new sdk.InMemorySpanExporter(), new sdk.InMemorySpanExporter()]
  const seen: string[] = []
  const watched = (exporter: InMemorySpanExporter): unknown => ({
    export(spans: ReadableSpan[], done: (result: { code: number }) => void) {
      seen.push(
        JSON.stringify(spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))),
      )
      exporter.export(spans, done)
    },
    shutdown: async () => {},
  })
  const provider = new sdk.BasicTracerProvider({
    spanProcessors: [
      new sdk.SimpleSpanProcessor(redactingExporter(watched(ours) as never)),
      new sdk.SimpleSpanProcessor(watched(plain)),
      enricherProcessor([redactionEnricher()]),
    ],
  })
  fill(provider.getTracer('t'))
  await microtasks()
  expect(seen).toHaveLength(2)
  // The second one shows that the processor alone would have come too late.
  expect(seen.map((written) => written.includes(secret))).toEqual([false, true])
})
