import { context, createContextKey, SpanStatusCode } from '@opentelemetry/api'
import { faultCounts, resetFaults } from '@agentel/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  presidioDetector,
  type RedactingExporterOptions,
  RedactionOptionError,
  redactingExporter,
  type SlowDetector,
} from '../src/index.ts'
import { type Analyzer, startAnalyzer } from './analyzer.ts'

let analyzer: Analyzer
beforeEach(async () => {
  analyzer = await startAnalyzer()
})
afterEach(async () => {
  await analyzer.close()
  resetFaults()
  vi.restoreAllMocks()
})

/** A provider whose only exporter asks the analyzer first. */
function setUp(options: RedactingExporterOptions = {}) {
  const kept: ReadableSpan[] = []
  const exporter = new InMemorySpanExporter()
  const keeping: SpanExporter = {
    export(spans, done) {
      kept.push(...spans)
      exporter.export(spans, done)
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const wrapped = redactingExporter(keeping, {
    slowDetectors: [presidioDetector({ url: `${analyzer.url}/` })],
    ...options,
  })
  const provider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: wrapped as SpanExporter })],
  })
  return { kept, wrapped, tracer: provider.getTracer('t') }
}

const message = (content: string) => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }])

describe('Presidio over HTTP', () => {
  it('takes names out of what was said, also within JSON and behind characters of two units', async () => {
    const { kept, wrapped, tracer } = setUp()
    const said = 'Ann Smith 🎉🎉 lives in Springfield, says Zoë of ann@example.org'
    const span = tracer.startSpan('chat gpt of Ann Smith', {
      attributes: {
        'gen_ai.input.messages': message(said),
        'gen_ai.agent.name': 'agent Ann Smith',
        'gen_ai.usage.input_tokens': 5,
      },
    })
    span.recordException(
      Object.assign(new Error('no answer for Ann Smith'), { stack: 'Error: no answer for Ann Smith' }),
    )
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'no answer for Ann Smith' })
    span.end()
    await wrapped.forceFlush()
    const [redacted] = kept
    expect(redacted?.attributes).toEqual({
      'gen_ai.input.messages': message(
        '[REDACTED:person] 🎉🎉 lives in [REDACTED:location], says [REDACTED:person] of [REDACTED:email]',
      ),
      'gen_ai.agent.name': 'agent Ann Smith',
      'gen_ai.usage.input_tokens': 5,
      'agentel.redaction.count': 7,
      'agentel.redaction.rules': ['email', 'location', 'person'],
    })
    expect(redacted?.name).toBe('chat gpt of Ann Smith')
    expect(redacted?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no answer for [REDACTED:person]' })
    expect(redacted?.events[0]?.attributes).toEqual({
      'exception.type': 'Error',
      'exception.message': 'no answer for [REDACTED:person]',
      'exception.stacktrace': 'Error: no answer for [REDACTED:person]',
    })
    // Each text once, redacted by the quick rules before.
    expect(analyzer.requests).toEqual([
      {
        text: [
          'no answer for Ann Smith',
          'Error: no answer for Ann Smith',
          'Ann Smith 🎉🎉 lives in Springfield, says Zoë of [REDACTED:email]',
        ],
        language: 'en',
        score_threshold: 0.5,
      },
    ])
  })

  it('is told what to look for', async () => {
    const presidio = presidioDetector({ url: analyzer.url, language: 'de', entities: ['PERSON'], scoreThreshold: 0.7 })
    const { wrapped, tracer } = setUp({ slowDetectors: [presidio], slowAttributes: ['note', 'app.*'] })
    tracer
      .startSpan('s', { attributes: { note: 'one two', 'app.x': 'three four', 'gen_ai.input.messages': 'five six' } })
      .end()
    await wrapped.forceFlush()
    expect(analyzer.requests).toEqual([
      { text: ['one two', 'three four'], language: 'de', entities: ['PERSON'], score_threshold: 0.7 },
    ])
  })

  it('holds up neither the application nor its own export beyond the time that it is given', async () => {
    analyzer.behaviour = () => {}
    const { kept, wrapped, tracer } = setUp({ timeoutMs: 50 })
    tracer.startSpan('s', { attributes: { 'gen_ai.input.messages': 'hello Ann Smith', other: 'x' } }).end()
    // The application is here, and nothing has been sent.
    expect(kept).toEqual([])
    await wrapped.forceFlush()
    expect(kept[0]?.attributes).toEqual({
      'gen_ai.input.messages': '[REDACTED:unchecked]',
      other: 'x',
      'agentel.redaction.count': 1,
      'agentel.redaction.rules': ['unchecked'],
    })
    expect(faultCounts()).toEqual({ 'redaction.slow': 1 })
  })

  it.each<[string, NonNullable<Analyzer['behaviour']>]>([
    ['with an error', (response) => response.writeHead(500).end('for Ann Smith')],
    ['with something else', (response) => response.end('<html>')],
    ['with no list', (response) => response.end('{"error":"no"}')],
    ['about fewer texts', (response) => response.end('[]')],
    ['about places that are not there', (response) => response.end('[[{"entity_type":"PERSON","start":3,"end":300}]]')],
    ['by closing the connection', (response) => response.destroy()],
  ])('withholds what a service that answers %s has not looked at, or passes it when told to', async (_, behaviour) => {
    analyzer.behaviour = behaviour
    for (const [unanswered, expected] of [
      ['withhold', '[REDACTED:unchecked]'],
      ['pass', 'hello Ann Smith'],
    ] as const) {
      const { kept, wrapped, tracer } = setUp({ unanswered })
      tracer.startSpan('s', { attributes: { 'gen_ai.input.messages': 'hello Ann Smith' } }).end()
      await wrapped.forceFlush()
      expect(kept[0]?.attributes['gen_ai.input.messages']).toBe(expected)
    }
    expect(faultCounts()).toEqual({ 'redaction.slow': 2 })
  })

  it('is left in peace for ten seconds after three failures, then asked again', async () => {
    const { kept, wrapped, tracer } = setUp()
    const now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
    const send = async () => {
      tracer.startSpan('s', { attributes: { 'gen_ai.input.messages': 'hello Ann Smith' } }).end()
      await wrapped.forceFlush()
    }
    analyzer.behaviour = (response) => response.writeHead(503).end()
    for (let count = 0; count < 5; count++) await send()
    expect(analyzer.requests).toHaveLength(3)
    analyzer.behaviour = undefined
    clock.mockImplementation(() => now + 10_001)
    await send()
    expect(analyzer.requests).toHaveLength(4)
    expect(kept.map(({ attributes }) => attributes['gen_ai.input.messages'])).toEqual([
      ...Array.from({ length: 5 }, () => '[REDACTED:unchecked]'),
      'hello [REDACTED:person]',
    ])
  })
})

describe('a slow detector of any kind', () => {
  const manager = new AsyncLocalStorageContextManager()
  afterEach(() => {
    manager.disable()
    context.disable()
  })

  it('is asked where no span is made', async () => {
    context.setGlobalContextManager(manager.enable())
    const suppressed: unknown[] = []
    const detector: SlowDetector = {
      name: 'd',
      async find(texts) {
        suppressed.push(context.active().getValue(createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')))
        return texts.map(() => [])
      },
    }
    const { wrapped, tracer } = setUp({ slowDetectors: [detector] })
    tracer.startSpan('s', { attributes: { 'gen_ai.input.messages': 'hello you' } }).end()
    await wrapped.forceFlush()
    expect(suppressed).toEqual([true])
  })

  it('is waited for by sixteen batches; those beyond go out unanswered, so that memory is bounded', async () => {
    const answers: (() => void)[] = []
    const detector: SlowDetector = {
      name: 'd',
      find: (texts) => new Promise((resolve) => answers.push(() => resolve(texts.map(() => [])))),
    }
    const { kept, wrapped, tracer } = setUp({ slowDetectors: [detector], timeoutMs: 60_000 })
    for (let count = 0; count < 20; count++) {
      tracer.startSpan('s', { attributes: { 'gen_ai.input.messages': `hello ${count}` } }).end()
    }
    await vi.waitFor(() => expect(kept).toHaveLength(4))
    expect(kept.map(({ attributes }) => attributes['gen_ai.input.messages'])).toEqual(
      Array.from({ length: 4 }, () => '[REDACTED:unchecked]'),
    )
    expect(answers).toHaveLength(16)
    for (const answer of answers) answer()
    await wrapped.forceFlush()
    expect(kept).toHaveLength(20)
    expect(kept.at(-1)?.attributes).toEqual({ 'gen_ai.input.messages': 'hello 15' })
  })

  it('is not asked about texts without a second word, nor about more than a service takes', async () => {
    const asked: string[] = []
    const detector: SlowDetector = {
      name: 'd',
      async find(texts) {
        asked.push(...texts)
        return texts.map((text) => [{ start: 0, end: text.indexOf(' ') }])
      },
    }
    const { kept, wrapped, tracer } = setUp({ slowDetectors: [detector], mode: 'hash', hashKey: 'a key of 16 chars' })
    const attributes = {
      'gen_ai.input.messages': 'word',
      'gen_ai.output.messages': `Anna ${'x'.repeat(100_000)}`,
      'gen_ai.tool.call.result': 'Anna came',
    }
    tracer.startSpan('s', { attributes }).end()
    await wrapped.forceFlush()
    expect(asked).toEqual(['Anna came'])
    expect(kept[0]?.attributes).toMatchObject({
      'gen_ai.input.messages': 'word',
      'gen_ai.output.messages': expect.stringMatching(/^\[REDACTED:unchecked:[0-9a-f]{16}\]$/),
      'gen_ai.tool.call.result': expect.stringMatching(/^\[REDACTED:d:[0-9a-f]{16}\] came$/),
    })
  })

  it('is given up in time also when it does not mind the signal', async () => {
    const deaf: SlowDetector = { name: 'deaf', find: () => new Promise(() => {}) }
    const { kept, wrapped, tracer } = setUp({ slowDetectors: [deaf], timeoutMs: 20 })
    tracer.startSpan('s', { attributes: { 'gen_ai.input.messages': 'hello you' } }).end()
    await wrapped.forceFlush()
    expect(kept[0]?.attributes['gen_ai.input.messages']).toBe('[REDACTED:unchecked]')
  }, 10_000)

  it('needs a key for hashes', () => {
    expect(() => setUp({ mode: 'hash' })).toThrow(RedactionOptionError)
  })
})
