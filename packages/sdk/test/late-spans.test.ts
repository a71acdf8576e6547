import { context, defaultTextMapSetter, type Span, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { agent, beforeCall, faultCounts, resetFaults } from '@agentel/api'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { startModelServer, type ModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { agentelPlugs, type AgentelPlugs, type PlugOptions, startAgentel } from '../src/index.ts'

let model: ModelServer
let plugs: AgentelPlugs
let telemetry: TestTelemetry
const instrumentation = new OpenAIInstrumentation()

function setUp(options: PlugOptions): void {
  plugs = agentelPlugs(options)
  telemetry = createTestTelemetry({
    spanProcessors: [plugs.spanProcessor as never],
    metricProducers: [plugs.metricProducer() as never],
  })
  instrumentation.setTracerProvider(trace.getTracerProvider())
}

beforeAll(async () => {
  model = await startModelServer({ scenario: () => ({ text: 'Hello' }) })
  instrumentation.manuallyInstrument(OpenAI)
})
afterAll(async () => {
  instrumentation.disable()
  await model.close()
})
beforeEach(() => {
  resetFaults()
  setUp({ lateSpans: true })
})
afterEach(async () => {
  await telemetry.shutdown()
  expect(faultCounts()).toEqual({})
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const names = (): string[] => telemetry.spans().map(({ name }) => name)

async function call(how: { stream?: boolean; path?: string; fetch?: typeof fetch } = {}): Promise<void> {
  const client = new OpenAI({
    apiKey: 'sk-test',
    baseURL: `${model.url}${how.path ?? '/v1'}`,
    maxRetries: 0,
    ...(how.fetch && { fetch: how.fetch }),
  })
  const request = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Say hello' }] }
  if (how.stream !== true) return void (await client.chat.completions.create(request))
  const stream = await client.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const _ of stream);
}

/** Attributes of the calls, without what differs from run to run. */
const written = () =>
  telemetry.spans().map(({ name, status, attributes }) => {
    const { 'gen_ai.response.id': id, 'gen_ai.response.time_to_first_chunk': first, ...rest } = attributes
    return { name, status, ids: [typeof id, typeof first], rest }
  })

it.each([{ stream: false }, { stream: true }])(
  'a call ($stream) has its answer before its span, which is the same',
  async (how) => {
    await call(how)
    expect(names()).toEqual([])
    await turn()
    telemetry.reset()
    // The first one shows that they may be late; this one starts late, too.
    await call(how)
    await turn()
    const late = written()
    await telemetry.shutdown()

    setUp({})
    await call(how)
    expect(written()).toEqual(late)
    expect(late[0]?.rest).toMatchObject({ 'agentel.cost.source': 'local', 'gen_ai.response.finish_reasons': ['stop'] })
  },
)

it("ends a call before the agent that made it, and the agent's sums hold it", async () => {
  await agent({ name: 'writer' }, () => call())
  expect(names()).toEqual(['chat gpt-4o-mini', 'invoke_agent writer'])
  const [chat, writer] = telemetry.spans()
  expect(writer?.attributes['gen_ai.usage.input_tokens']).toBe(chat?.attributes['gen_ai.usage.input_tokens'])
  expect(chat?.attributes['gen_ai.usage.input_tokens']).toBeGreaterThan(0)
})

it.each([{ asks: true }, { asks: false }])(
  'sends a request (that asks for the span of its call: $asks) with the span of its call as what is active',
  async ({ asks }) => {
    const seen: string[] = []
    const propagator = new W3CTraceContextPropagator()
    const fetchIt = (...request: Parameters<typeof fetch>) => {
      const headers: Record<string, string> = {}
      if (asks) propagator.inject(context.active(), headers, defaultTextMapSetter)
      seen.push(headers.traceparent?.split('-')[2] ?? 'none', String(telemetry.openSpans()))
      return fetch(...request)
    }
    await call()
    await turn()
    telemetry.reset()
    await trace.getTracer('app').startActiveSpan('request', async (span) => {
      await call({ fetch: fetchIt })
      span.end()
    })
    const [chat, request] = telemetry.spans()
    expect(seen).toEqual(asks ? [chat?.spanContext().spanId, 'request,chat gpt-4o-mini'] : ['none', 'request'])
    expect(chat?.parentSpanContext).toEqual(request?.spanContext())
    expect(faultCounts()).toEqual({})
  },
)

it("ends a call before the application's own span around it", async () => {
  await trace.getTracer('app').startActiveSpan('request', async (span) => {
    await call()
    span.end()
  })
  expect(names()).toEqual(['chat gpt-4o-mini', 'request'])
})

it('ends a call that failed at once', async () => {
  await expect(call({ path: '/nowhere' })).rejects.toThrow('404')
  expect(names()).toEqual(['chat gpt-4o-mini'])
})

it.each([
  ['a flush', () => void plugs.spanProcessor.forceFlush()],
  ['the end of the set-up', () => void plugs.spanProcessor.shutdown()],
  ['the end of its sessions', () => plugs.endSessions()],
])('%s waits for no span', async (_, look) => {
  await call()
  look()
  expect(names()).toEqual(['chat gpt-4o-mini'])
})

it('counts a call (what its input and its output cost) in a collection right after it', async () => {
  await call()
  const metrics = await telemetry.metrics()
  const cost = metrics.find(({ descriptor }) => descriptor.name === 'agentel.client.inference.usage.cost')
  expect(cost?.dataPoints).toHaveLength(2)
})

it('knows what a call cost before the next one, and when somebody asks', async () => {
  await telemetry.shutdown()
  setUp({
    lateSpans: true,
    budgets: { budgets: [{ name: 'all', scope: 'total', period: 'day', cost: 1e-9, onExceeded: 'throw' }] },
  })
  await call()
  expect(() => beforeCall({ operation: 'chat', context: context.active() })).toThrow('budget "all" (total) is used up')
  await expect(call()).rejects.toThrow('used up')

  await telemetry.shutdown()
  setUp({ lateSpans: true, budgets: { budgets: [{ name: 'all', scope: 'total', period: 'day', cost: 1e-9 }] } })
  await call()
  expect(plugs.checkBudget().allowed).toBe(false)
})

it('asks a budget that may stop a call before its span starts, which waits', async () => {
  await telemetry.shutdown()
  setUp({
    lateSpans: true,
    budgets: { budgets: [{ name: 'all', scope: 'total', period: 'day', cost: 1, onExceeded: 'throw' }] },
  })
  await call()
  let seen: unknown
  await call({ fetch: (...request) => ((seen = [telemetry.openSpans(), names()]), fetch(...request)) })
  expect(seen).toEqual([[], ['chat gpt-4o-mini']])
})

it.each([
  { enrichers: undefined, atOnce: false },
  { enrichers: [{ name: 'own' }], atOnce: true },
])('is how startAgentel() sets things up, unless enrichers are given: $atOnce', async ({ enrichers, atOnce }) => {
  await telemetry.shutdown()
  for (const signal of ['TRACES', 'METRICS', 'LOGS']) vi.stubEnv(`OTEL_${signal}_EXPORTER`, 'none')
  const agentel = startAgentel({ shutdown: { flushOnExit: false }, ...(enrichers && { enrichers }) })
  instrumentation.setTracerProvider(trace.getTracerProvider())
  let span: Span | undefined
  await call({ fetch: (...request) => ((span = trace.getActiveSpan()), fetch(...request)) })
  expect(span?.isRecording()).toBe(!atOnce)
  await turn()
  expect(span?.isRecording()).toBe(false)
  await agentel.shutdown()
  vi.unstubAllEnvs()
})

it('charges the last call before the budgets close', async () => {
  await telemetry.shutdown()
  setUp({ lateSpans: true, budgets: { budgets: [{ name: 'all', scope: 'total', period: 'day', cost: 1 }] } })
  await call()
  void plugs.spanProcessor.shutdown()
  expect(plugs.checkBudget().budgets[0]?.used).toBeGreaterThan(0)
})

it('is over when the set-up ends', async () => {
  await plugs.spanProcessor.shutdown()
  await call()
  expect(names()).toEqual(['chat gpt-4o-mini'])
})

it("is a matter of its set-up alone: a call through another one's provider ends at once", async () => {
  await telemetry.shutdown()
  plugs = agentelPlugs()
  telemetry = createTestTelemetry({ spanProcessors: [plugs.spanProcessor as never] })
  instrumentation.setTracerProvider(trace.getTracerProvider())
  // Loaded after it, and so the last word of a switch that holds for the process.
  agentelPlugs({ lateSpans: true })
  await call()
  expect(names()).toEqual(['chat gpt-4o-mini'])
})
