import { logs, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import { enricherLogProcessor, enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry } from '@agentel/testing'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { afterEach, expect, it } from 'vitest'
import { redactionEnricher, type RedactionOptions } from '../src/index.ts'
import { KINDS, randomFrom } from './secrets.ts'

let telemetry: ReturnType<typeof createTestTelemetry> | undefined
afterEach(async () => {
  await telemetry?.shutdown()
  telemetry = undefined
})

function setUp(options?: RedactionOptions) {
  const redaction = redactionEnricher(options)
  telemetry = createTestTelemetry({
    spanProcessors: [enricherProcessor([redaction])],
    logRecordProcessors: [enricherLogProcessor([redaction])],
  })
  return telemetry
}

/** A span with the same text in every field that can be written. */
function fill(span: Span, text: string): void {
  span.updateName(`chat ${text}`)
  span.setAttribute(
    'gen_ai.input.messages',
    JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]),
  )
  span.setAttribute(
    'gen_ai.tool.call.arguments',
    JSON.stringify({ note: text, deep: [{ inner: JSON.stringify({ text }) }] }),
  )
  span.setAttribute('list', ['clean', text])
  span.setAttribute('structured', { a: { b: [text] } } as never)
  span.setAttribute('url.full', `https://example.org/?q=${text}`)
  span.addEvent(`event ${text}`, { 'event.note': text })
  span.recordException(Object.assign(new Error(`failed: ${text}`), { stack: `Error: ${text}\n    at f (file.js:1:1)` }))
  span.addLink({
    context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
    attributes: { note: text },
  })
  span.setStatus({ code: SpanStatusCode.ERROR, message: `failed: ${text}` })
}

/** All that an exporter could write of a span. */
function exported({ name, attributes, events, links, status }: ReadableSpan): string {
  return JSON.stringify({ name, attributes, events, links, status })
}

it('takes a secret out of every field of a span, and tells how many and by which rules', () => {
  const test = setUp()
  const span = trace.getTracer('t').startSpan('chat')
  fill(span, 'ann@example.org')
  span.end()
  const [ended] = test.spans()
  expect(ended?.name).toBe('chat [REDACTED:email]')
  expect(ended?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'failed: [REDACTED:email]' })
  expect(ended?.attributes).toEqual({
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"[REDACTED:email]"}]}]',
    'gen_ai.tool.call.arguments':
      '{"note":"[REDACTED:email]","deep":[{"inner":"{\\"text\\":\\"[REDACTED:email]\\"}"}]}',
    list: ['clean', '[REDACTED:email]'],
    structured: { a: { b: ['[REDACTED:email]'] } },
    'url.full': 'https://example.org/?q=[REDACTED:email]',
    'agentel.redaction.count': 13,
    'agentel.redaction.rules': ['email'],
  })
  expect(ended?.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
    { name: 'event [REDACTED:email]', attributes: { 'event.note': '[REDACTED:email]' } },
    {
      name: 'exception',
      attributes: {
        'exception.type': 'Error',
        'exception.message': 'failed: [REDACTED:email]',
        'exception.stacktrace': 'Error: [REDACTED:email]\n    at f (file.js:1:1)',
      },
    },
  ])
  expect(ended?.links[0]?.attributes).toEqual({ note: '[REDACTED:email]' })
})

it('leaves a span without secrets as it is', () => {
  const test = setUp()
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 2006,
    'gen_ai.request.max_tokens': 100,
  }
  trace.getTracer('t').startSpan('chat gpt-4o', { attributes }).end()
  expect(test.span('chat gpt-4o').attributes).toEqual(attributes)
})

it('takes a secret out of the name of every span, whatever names came before', () => {
  const test = setUp()
  const tracer = trace.getTracer('t')
  const names = ['chat', 'ask ann@example.org', 'chat', ...Array.from({ length: 120 }, (_, index) => `step ${index}`)]
  for (const name of [...names, ...names]) tracer.startSpan(name).end()
  const expected = names.map((name) => name.replace('ann@example.org', '[REDACTED:email]'))
  expect(test.spans().map(({ name }) => name)).toEqual([...expected, ...expected])
})

it('takes secrets out of log records: body, attributes, nested and under secret names', () => {
  const test = setUp()
  const logger = logs.getLogger('t')
  logger.emit({
    body: 'mail ann@example.org',
    attributes: { password: 'p', 'exception.message': 'key sk-abcdefghij0123456789abcd' },
  })
  logger.emit({ eventName: 'e', body: { messages: [{ content: 'ann@example.org', api_key: 'k' }] } })
  const seen = test.logs().map(({ body, attributes }) => ({ body, attributes }))
  expect(seen).toEqual([
    {
      body: 'mail [REDACTED:email]',
      attributes: {
        password: '[REDACTED:key]',
        'exception.message': 'key [REDACTED:credential]',
        'agentel.redaction.count': 3,
        'agentel.redaction.rules': ['credential', 'email', 'key'],
      },
    },
    {
      body: { messages: [{ content: '[REDACTED:email]', api_key: '[REDACTED:key]' }] },
      attributes: { 'agentel.redaction.count': 2, 'agentel.redaction.rules': ['email', 'key'] },
    },
  ])
})

it('is done before any exporter sees the span, also one that was registered first', async () => {
  const first = new InMemorySpanExporter()
  const last = new InMemorySpanExporter()
  telemetry = createTestTelemetry({
    spanProcessors: [
      new SimpleSpanProcessor({ exporter: first }),
      enricherProcessor([redactionEnricher()]),
      new SimpleSpanProcessor({ exporter: last }),
    ],
  })
  trace
    .getTracer('t')
    .startSpan('s', { attributes: { note: 'ann@example.org' } })
    .end()
  await new Promise((resolve) => setImmediate(resolve))
  for (const exporter of [first, last]) {
    expect(exporter.getFinishedSpans().map(({ attributes }) => attributes['note'])).toEqual(['[REDACTED:email]'])
  }
})

it("never changes the application's own objects", () => {
  setUp()
  const attributes = { note: 'ann@example.org', deep: { list: ['ann@example.org'] } }
  const event = { note: 'ann@example.org' }
  const body = { text: 'ann@example.org' }
  const given = structuredClone([attributes, event, body])
  const span = trace.getTracer('t').startSpan('s', {
    attributes: attributes as never,
    links: [{ context: trace.getTracer('t').startSpan('x').spanContext(), attributes: event }],
  })
  span.addEvent('e', event)
  span.end()
  logs.getLogger('t').emit({ body, attributes: attributes as never })
  expect([attributes, event, body]).toEqual(given)
})

it('restricted leaves attributes and bodies out instead of masking them', () => {
  const test = setUp({ restricted: ['gen_ai.input.messages', 'patient.*', 'body'] })
  const tracer = trace.getTracer('t')
  tracer
    .startSpan('s', {
      attributes: { 'gen_ai.input.messages': '[]', 'patient.id': 1, 'patient.name': 'x', other: 'ann@example.org' },
    })
    .end()
  logs.getLogger('t').emit({ body: 'anything', attributes: { 'patient.id': 1 } })
  expect(test.span('s').attributes).toEqual({
    other: '[REDACTED:email]',
    'agentel.redaction.count': 1,
    'agentel.redaction.rules': ['email'],
  })
  expect(test.logs()[0]?.body).toBeUndefined()
  expect(test.logs()[0]?.attributes).toEqual({})
})

it('allow lets only the named attributes leave, and searches those', () => {
  const test = setUp({ allow: ['gen_ai.*', 'note'] })
  const span = trace
    .getTracer('t')
    .startSpan('s', { attributes: { 'gen_ai.operation.name': 'chat', note: 'ann@example.org', other: 'x' } })
  span.addEvent('e', { other: 'x', note: 'y' })
  span.end()
  expect(test.span('s').attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    note: '[REDACTED:email]',
    'agentel.redaction.count': 1,
    'agentel.redaction.rules': ['email'],
  })
  expect(test.span('s').events[0]?.attributes).toEqual({ note: 'y' })
})

it('mode drop leaves an attribute out in which something was found', () => {
  const test = setUp({ mode: 'drop' })
  trace
    .getTracer('t')
    .startSpan('s', { attributes: { note: 'ann@example.org', password: 'p', other: 'x' } })
    .end()
  expect(test.span('s').attributes).toEqual({
    other: 'x',
    'agentel.redaction.count': 2,
    'agentel.redaction.rules': ['email', 'key'],
  })
})

it('lets none of 200 seeded secrets of 20 kinds out of the process, whatever field they stand in', () => {
  const test = setUp()
  const random = randomFrom(2026)
  const canaries = Object.values(KINDS).flatMap(({ make }) => Array.from({ length: 10 }, () => make(random)))
  expect(canaries).toHaveLength(200)
  for (const canary of canaries) {
    const span = trace.getTracer('t').startSpan('s')
    fill(span, canary)
    span.setAttribute('user_password', canary)
    span.end()
    logs
      .getLogger('t')
      .emit({ body: `log ${canary}`, attributes: { note: canary, structured: { deep: [canary] } as never } })
  }
  const out = [
    ...test.spans().map(exported),
    ...test.logs().map(({ body, attributes }) => JSON.stringify({ body, attributes })),
  ]
  expect(out).toHaveLength(400)
  for (const [index, canary] of canaries.entries()) {
    // Of a URL with a password only the user and the password are secret.
    const secret = canary.includes('://') ? (/:\/\/[^:]+:([^@]+)@/.exec(canary)?.[1] ?? canary) : canary
    const written = JSON.stringify(secret).slice(1, -1)
    for (const text of [out[index], out[index + 200]]) {
      expect(text, canary).not.toContain(secret)
      expect(text, canary).not.toContain(written)
    }
  }
})
