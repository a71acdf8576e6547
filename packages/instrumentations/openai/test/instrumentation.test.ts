import OpenAI, * as sdk from 'openai'
import { context, createContextKey, diag, DiagLogLevel, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'
import { type Instrumentation, registerInstrumentations } from '@opentelemetry/instrumentation'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addGate, GateError } from '@agentel/api'
import { withCallOwner } from '@agentel/instrumentation-kit'
import { OpenAIInstrumentation, openaiTable } from '@agentel/instrumentation-openai'
import { SCOPE_NAME, SCOPE_VERSION } from '../src/version.ts'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI()
const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'count' }] }
const streamed = { ...request, stream: true as const }
const HOOKED = [
  'chat.completions.create',
  'responses.create',
  'responses.retrieve',
  'responses.compact',
  'beta.responses.create',
  'beta.responses.retrieve',
  'beta.responses.compact',
  'completions.create',
  'embeddings.create',
]

describe('OpenAIInstrumentation', () => {
  afterEach(() => openai.instrumentation.enable())

  it('has the name and version of its package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect([SCOPE_NAME, SCOPE_VERSION]).toEqual([manifest.name, manifest.version])
  })

  it('is an Instrumentation for registerInstrumentations(), which hands it a provider', async () => {
    const ended: string[] = []
    const collecting = {
      onStart: (span: Span) => void ended.push((span as unknown as { name: string }).name),
      onEnd: () => undefined,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    }
    const instrumentation: Instrumentation = openai.instrumentation
    registerInstrumentations({
      instrumentations: [instrumentation],
      tracerProvider: new TracerProvider({ spanProcessors: [collecting] }),
    })
    openai.instrumentation.manuallyInstrument(sdk)
    await openai.client.chat.completions.create(request)
    expect(ended).toEqual(['chat gpt-4o'])
    openai.instrumentation.setTracerProvider(trace.getTracerProvider())
  })

  it('gives no spans while it is disabled, and spans again when it is enabled', async () => {
    const original = Object.getOwnPropertyDescriptor(OpenAI.Chat.Completions.prototype, 'create')
    openai.instrumentation.disable()
    await openai.client.chat.completions.create(request)
    expect(openai.telemetry.spans()).toEqual([])
    expect(OpenAI.Chat.Completions.prototype.create).not.toBe(original!.value)
    openai.instrumentation.enable()
    await openai.client.chat.completions.create(request)
    expect(openai.telemetry.spans()).toHaveLength(1)
  })

  it('passes straight through when it is disabled under a wrapper of somebody else', async () => {
    const prototype = OpenAI.Chat.Completions.prototype
    const ours = prototype.create
    prototype.create = function create(this: typeof prototype, ...args: never) {
      return Reflect.apply(ours, this, args)
    } as typeof ours
    openai.instrumentation.disable()
    await openai.client.chat.completions.create(request)
    expect(openai.telemetry.spans()).toEqual([])
    prototype.create = ours
    openai.instrumentation.enable()
    await openai.client.chat.completions.create(request)
    expect(openai.telemetry.spans()).toHaveLength(1)
  })

  it('hooks once, however often it is told to', async () => {
    openai.instrumentation.manuallyInstrument(sdk)
    const second = new OpenAIInstrumentation({ enabled: false })
    const report = second.manuallyInstrument(OpenAI)
    expect(report).toEqual({
      module: 'openai',
      version: undefined,
      format: 'manual',
      file: undefined,
      hooked: HOOKED,
      missing: {},
    })
    await openai.client.chat.completions.create(request)
    expect(openai.telemetry.spans()).toHaveLength(1)
  })

  it('hooks the imported and the required copy in one process', async () => {
    const required = createRequire(import.meta.url)('openai') as typeof sdk
    expect(required.OpenAI).not.toBe(OpenAI)
    openai.instrumentation.manuallyInstrument(required)
    const options = { apiKey: 'sk-test', baseURL: openai.client.baseURL }
    await new required.OpenAI(options).chat.completions.create(request)
    await openai.client.chat.completions.create(request)
    expect(openai.telemetry.spans()).toHaveLength(2)
  })

  it('says what it could not hook, and why, in one line', () => {
    const warn = vi.fn()
    const quiet = vi.fn()
    diag.setLogger(
      { error: quiet, warn, info: quiet, debug: quiet, verbose: quiet },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    )
    class Changed {
      static Responses = class {
        create(): void {}
      }
      static Embeddings = class {}
    }
    const report = new OpenAIInstrumentation({ enabled: false }).manuallyInstrument({ OpenAI: Changed })
    diag.disable()
    expect(report.hooked).toEqual(['responses.create'])
    expect(report.missing).toEqual({
      'chat.completions.create': 'the class that holds it is not exported',
      'responses.retrieve': 'there is no method retrieve',
      'embeddings.create': 'there is no method create',
    })
    expect(warn).toHaveBeenCalledOnce()
    expect(warn.mock.calls[0]![0]).toContain('chat.completions.create (the class that holds it is not exported)')
  })

  it.each([
    ['OTEL_SDK_DISABLED', 'true'],
    ['AGENTEL_DISABLED', 'true'],
    ['AGENTEL_DISABLED', '1'],
  ])('hooks nothing when %s is %s', (variable, word) => {
    vi.stubEnv(variable, word)
    class Untouched {
      static Embeddings = class {
        create(): void {}
      }
    }
    const original = Untouched.Embeddings.prototype.create
    const report = new OpenAIInstrumentation().manuallyInstrument({ OpenAI: Untouched })
    vi.unstubAllEnvs()
    expect(report.missing['embeddings.create']).toBe('switched off by the environment')
    expect(Untouched.Embeddings.prototype.create).toBe(original)
  })

  it('patches only what the table of its SDK names, and only in tested majors without a word', () => {
    const table = openaiTable()
    expect(table.majors).toEqual([4, 5, 6, 7])
    expect(table.patches.map((patch) => patch.name)).toEqual(HOOKED)
  })
})

describe('a call', () => {
  it('is a child of the span around it, and the parent of what the client does', async () => {
    const tracer = trace.getTracer('test')
    const inside: (string | undefined)[] = []
    const client = openai.client.withOptions({
      fetch: (...args: Parameters<typeof fetch>) => {
        inside.push(trace.getActiveSpan()?.spanContext().spanId)
        return fetch(...args)
      },
    })
    await tracer.startActiveSpan('outer', async (outer) => {
      await client.chat.completions.create(request)
      expect(trace.getActiveSpan()).toBe(outer)
      outer.end()
    })
    const [call, outer] = openai.telemetry.spans()
    expect(call!.parentSpanContext?.spanId).toBe(outer!.spanContext().spanId)
    expect(inside).toEqual([call!.spanContext().spanId])
  })

  it('gives no span where tracing is suppressed', async () => {
    const suppressed = ROOT_CONTEXT.setValue(createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'), true)
    const startSpan = vi.fn(trace.getTracer('none').startSpan)
    openai.instrumentation.setTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan: vi.fn() }) })
    await context.with(suppressed, () => openai.client.chat.completions.create(request))
    openai.instrumentation.setTracerProvider(trace.getTracerProvider())
    expect(startSpan).not.toHaveBeenCalled()
    expect(openai.telemetry.spans()).toEqual([])
  })

  it('under a span that owns it enriches that span instead of making a second one', async () => {
    const tracer = trace.getTracer('outer-framework')
    const span = tracer.startSpan('chat gpt-4o')
    const owned = withCallOwner(trace.setSpan(context.active(), span), {
      name: 'framework',
      enrich: (attributes) => void span.setAttributes(attributes),
    })
    for await (const _chunk of await context.with(owned, () => openai.client.chat.completions.create(streamed)));
    span.end()
    const [only, ...others] = openai.telemetry.spans()
    expect(others).toEqual([])
    expect(only!.attributes).toMatchObject({
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
    })
  })

  it('that a gate stops is rejected as the client would reject it, is not sent, and is a failed span', async () => {
    const asked: unknown[] = []
    const remove = addGate(({ context: _context, ...call }) => {
      asked.push(call)
      throw new GateError('budget', 'The budget of agent x is used up.')
    })
    const before = openai.server.ledger.entries.length
    const promise = openai.client.chat.completions.create({ ...request, max_tokens: 10 })
    remove()
    expect(promise).toBeInstanceOf(sdk.APIPromise)
    await expect(promise.withResponse()).rejects.toThrow('The budget of agent x is used up.')
    expect(asked).toEqual([{ operation: 'chat', provider: 'openai', model: 'gpt-4o', maxOutputTokens: 10 }])
    expect(openai.server.ledger.entries.length).toBe(before)
    expect(openai.telemetry.span('chat gpt-4o').attributes['error.type']).toBe('GateError')
  })

  it('of no SDK is the client’s own affair', async () => {
    openai.instrumentation.setTracerProvider({ getTracer: () => trace.getTracer('none') })
    await expect(openai.client.chat.completions.create(request)).resolves.toMatchObject({ object: 'chat.completion' })
    openai.instrumentation.setTracerProvider(trace.getTracerProvider())
  })
})

describe('includeStreamUsage', () => {
  it('asks for the usage of a stream where the caller has not decided', async () => {
    const instrumentation = new OpenAIInstrumentation({ enabled: false, includeStreamUsage: true })
    openai.instrumentation.disable()
    instrumentation.manuallyInstrument(sdk)
    await Array.fromAsync(await openai.client.chat.completions.create(streamed))
    const declined = { ...streamed, stream_options: { include_usage: false } }
    await Array.fromAsync(await openai.client.chat.completions.create(declined))
    await openai.client.chat.completions.create(request)
    instrumentation.disable()
    openai.instrumentation.enable()
    const outputs = openai.telemetry.spans().map((span) => span.attributes['gen_ai.usage.output_tokens'])
    expect(outputs).toEqual([3, undefined, 3])
  })

  it('is off by default: a stream without usage has none', async () => {
    await Array.fromAsync(await openai.client.chat.completions.create(streamed))
    expect(openai.telemetry.span('chat gpt-4o').attributes).not.toHaveProperty('gen_ai.usage.output_tokens')
  })
})
