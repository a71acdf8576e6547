import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SpanStatusCode } from '@opentelemetry/api'
import { enricherLogProcessor, enricherProcessor } from '@agentel/processor-kit'
import { installSdk } from '@agentel/testing/contract'
import type { LoggerProvider, LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import type { InMemorySpanExporter, SimpleSpanProcessor, SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { redactionEnricher } from '../src/index.ts'

interface Sdk2 {
  BasicTracerProvider: new (options: { spanProcessors: SpanProcessor[] }) => TracerProvider
  InMemorySpanExporter: typeof InMemorySpanExporter
  SimpleSpanProcessor: new (exporter: InMemorySpanExporter) => SimpleSpanProcessor
  LoggerProvider: new (options: { processors: LogRecordProcessor[] }) => LoggerProvider
}

const root = join(import.meta.dirname, '../../../..')

async function loadSdk2(): Promise<Sdk2> {
  const folder = await installSdk('opentelemetry', 2, {
    matrix: join(root, 'test/matrix'),
    cache: join(root, '.cache/matrix'),
  })
  const require = createRequire(join(folder, 'index.js'))
  return { ...(require('@opentelemetry/sdk-trace-base') as Sdk2), ...(require('@opentelemetry/sdk-logs') as Sdk2) }
}

it('edits spans and log records of SDK 2.12 before exporters of any place in the list see them', async () => {
  const sdk = await loadSdk2()
  const redaction = redactionEnricher({ restricted: ['secret.note'] })
  const exporters = [new sdk.InMemorySpanExporter(), new sdk.InMemorySpanExporter()]
  const [first, last] = exporters.map((exporter) => new sdk.SimpleSpanProcessor(exporter))
  const tracers = new sdk.BasicTracerProvider({
    spanProcessors: [first as SpanProcessor, enricherProcessor([redaction]) as SpanProcessor, last as SpanProcessor],
  })
  const span = tracers.getTracer('t').startSpan('chat ann@example.org', {
    attributes: { note: 'ann@example.org', 'secret.note': 'x' },
    links: [
      {
        context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
        attributes: { note: 'ann@example.org' },
      },
    ],
  })
  span.recordException(new Error('for ann@example.org'))
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'for ann@example.org' })
  span.end()
  for (const exporter of exporters) {
    const [ended] = exporter.getFinishedSpans()
    const { name, attributes, events, links, status } = ended ?? {}
    expect(name).toBe('chat [REDACTED:email]')
    expect(attributes).toMatchObject({ note: '[REDACTED:email]' })
    expect(attributes).not.toHaveProperty('secret.note')
    expect(JSON.stringify({ attributes, events, links, status })).not.toContain('ann@')
  }

  const records: ReadWriteLogRecord[] = []
  const keep = {
    onEmit: (record: ReadWriteLogRecord) => void records.push(record),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
  const loggers = new sdk.LoggerProvider({
    processors: [enricherLogProcessor([redaction]) as LogRecordProcessor, keep as LogRecordProcessor],
  })
  loggers.getLogger('t').emit({ body: { text: 'ann@example.org' }, attributes: { password: 'p' } })
  expect(records[0]?.body).toEqual({ text: '[REDACTED:email]' })
  expect(records[0]?.attributes).toMatchObject({ password: '[REDACTED:key]' })
})
