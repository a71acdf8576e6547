import { OpenTelemetry } from '@ai-sdk/otel'
import { ReadableStream } from 'node:stream/web'
import Anthropic, * as anthropicModule from '@anthropic-ai/sdk'
import { trace } from '@opentelemetry/api'
import * as ai from 'ai'
import OpenAI, * as openaiModule from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configureContent } from '@agentel/api'
import { AnthropicInstrumentation } from '@agentel/instrumentation-anthropic'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { useAiSdk } from './ai-sdk-harness.ts'

const sdk = useAiSdk()
const openaiInstrumentation = new OpenAIInstrumentation({ enabled: false })
const anthropicInstrumentation = new AnthropicInstrumentation({ enabled: false })
beforeAll(() => {
  openaiInstrumentation.manuallyInstrument(openaiModule)
  anthropicInstrumentation.manuallyInstrument(anthropicModule)
})
afterAll(() => {
  openaiInstrumentation.disable()
  anthropicInstrumentation.disable()
})

const usage = { inputTokens: 1000, outputTokens: 200 }
const operations = () => sdk.telemetry.spans().map(({ attributes }) => attributes['gen_ai.operation.name'])

/** A provider of the AI SDK that is made of the provider's own client. */
function modelOverClient(): ai.LanguageModel {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${sdk.server.url}/v1`, maxRetries: 0 })
  const model = {
    specificationVersion: 'v4',
    provider: 'openai.custom',
    modelId: 'gpt-4o',
    supportedUrls: {},
    async doGenerate() {
      const answer = await client.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'hi' }],
      })
      return {
        content: [{ type: 'text', text: answer.choices[0]?.message.content ?? '' }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: {
          inputTokens: { total: answer.usage?.prompt_tokens, noCache: undefined, cacheRead: undefined },
          outputTokens: { total: answer.usage?.completion_tokens, text: undefined, reasoning: undefined },
        },
        warnings: [],
      }
    },
    async doStream({ prompt }: { prompt: { role: string }[] }) {
      const isAnswered = prompt.some(({ role }) => role === 'tool')
      const tools = [{ type: 'function' as const, function: { name: 'weather' } }]
      const messages = [{ role: 'user' as const, content: isAnswered ? 'so?' : 'weather?' }]
      const body = { model: 'gpt-4o', messages, tools, stream: true as const, stream_options: { include_usage: true } }
      return { stream: ReadableStream.from(partsOf(await client.chat.completions.create(body))) }
    },
  }
  return model as unknown as ai.LanguageModel
}

/** What the client streams, in the SDK's parts. */
async function* partsOf(chunks: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const usage = { inputTokens: {}, outputTokens: {} }
  const call = { type: 'tool-call', toolCallId: 'call_1', toolName: '', input: '' }
  yield { type: 'text-start', id: '1' }
  for await (const { choices, usage: counted } of chunks) {
    const { content, tool_calls: calls } = choices[0]?.delta ?? {}
    if (typeof content === 'string') yield { type: 'text-delta', id: '1', delta: content }
    for (const { function: called } of calls ?? []) {
      call.toolName += called?.name ?? ''
      call.input += called?.arguments ?? ''
    }
    usage.inputTokens = { total: counted?.prompt_tokens }
    usage.outputTokens = { total: counted?.completion_tokens }
  }
  yield { type: 'text-end', id: '1' }
  if (call.toolName !== '') yield call
  const unified = call.toolName === '' ? 'stop' : 'tool-calls'
  yield { type: 'finish', finishReason: { unified, raw: unified }, usage }
}

/** The same of a client that makes spans itself; streamed by its helper. */
function modelOverTracingClient(beta: boolean): ai.LanguageModel {
  const traced = (...args: Parameters<typeof fetch>): Promise<Response> =>
    trace.getTracer('application').startActiveSpan('request', (span) => fetch(...args).finally(() => span.end()))
  const client = new Anthropic({ apiKey: 'sk-test', baseURL: sdk.server.url, maxRetries: 0, fetch: traced })
  const resource = beta ? (client.beta.messages as unknown as Anthropic['messages']) : client.messages
  const request = { model: 'claude-haiku-4-5', max_tokens: 50, messages: [{ role: 'user' as const, content: 'hi' }] }
  const usageOf = ({ input_tokens, output_tokens }: Anthropic.Usage) => ({
    inputTokens: { total: input_tokens, noCache: undefined, cacheRead: undefined },
    outputTokens: { total: output_tokens, text: undefined, reasoning: undefined },
  })
  const finishReason = { unified: 'stop', raw: 'end_turn' }
  const model = {
    specificationVersion: 'v4',
    provider: 'anthropic.custom',
    modelId: 'claude-haiku-4-5',
    supportedUrls: {},
    async doGenerate() {
      const answer = await resource.create(request)
      return { content: [{ type: 'text', text: 'hi' }], finishReason, usage: usageOf(answer.usage), warnings: [] }
    },
    async doStream() {
      const answer = await resource.stream(request).finalMessage()
      const parts = [
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: 'hi' },
        { type: 'text-end', id: '1' },
        { type: 'finish', finishReason, usage: usageOf(answer.usage) },
      ]
      return { stream: ReadableStream.from(parts) }
    },
  }
  return model as unknown as ai.LanguageModel
}

describe('a client below that makes spans itself', () => {
  it.each([
    ['unstreamed', false],
    ['streamed', false],
    ['unstreamed', true],
    ['streamed', true],
  ])('makes none of a call that has its span; tokens and cost are counted once (%s, beta: %s)', async (how, beta) => {
    sdk.answer(() => ({ text: 'hi', usage }))
    const call = { model: modelOverTracingClient(beta), prompt: 'hi' }
    await (how === 'streamed' ? ai.streamText(call).consumeStream() : ai.generateText(call))
    const [request, chat, ...others] = sdk.telemetry.spans()
    expect(others).toEqual([])
    // The client's own helper would leave one open.
    expect(sdk.telemetry.openSpans()).toEqual([])
    expect(chat!.name).toBe('chat claude-haiku-4-5')
    expect(chat!.instrumentationScope.name).toBe('@agentel/instrumentation-ai-sdk')
    expect(chat!.attributes).toMatchObject({
      'server.port': sdk.server.port,
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 200,
      'agentel.cost.amount': 1000 * 1e-6 + 200 * 5e-6,
    })
    expect(request!.name).toBe('request')
    expect(request!.parentSpanContext?.spanId).toBe(chat!.spanContext().spanId)
  })

  it('makes it again for a call of its own', async () => {
    const client = new Anthropic({ apiKey: 'sk-test', baseURL: sdk.server.url, maxRetries: 0 })
    await client.messages
      .stream({ model: 'claude-haiku-4-5', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] })
      .finalMessage()
    expect(sdk.telemetry.span('chat claude-haiku-4-5').instrumentationScope.name).toBe('com.anthropic.sdk.typescript')
  })
})

describe('an instrumented client below', () => {
  it('completes the span of the call, and there is no second one', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    await ai.generateText({ model: modelOverClient(), prompt: 'hi' })
    expect(operations()).toEqual(['chat'])
    const { attributes, instrumentationScope } = sdk.telemetry.span('chat gpt-4o')
    expect(instrumentationScope.name).toBe('@agentel/instrumentation-ai-sdk')
    expect(attributes).toMatchObject({ 'server.port': sdk.server.port, 'gen_ai.usage.input_tokens': 1000 })
  })

  it('keeps to the budget of the span with the content that it writes there', async () => {
    configureContent({ capture: 'SPAN_ONLY', spanBytes: 200 })
    sdk.answer(() => ({ text: 'long '.repeat(100), usage }))
    await ai.generateText({ model: modelOverClient(), prompt: 'hi' })
    const { attributes } = sdk.telemetry.span('chat gpt-4o')
    const contents = ['gen_ai.input.messages', 'gen_ai.output.messages'].map((key) => attributes[key] as string)
    expect(Buffer.byteLength(contents.join(''))).toBeLessThanOrEqual(200)
    for (const content of contents) expect(JSON.parse(content)[0]).toHaveProperty('role')
  })
})

it('streamText with a tool, over a provider’s client, is one connected trace without doubles, equal to the ledger', async () => {
  sdk.answer(({ messages }) =>
    messages.at(-1)?.text === 'weather?'
      ? { toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' }, id: 'call_1' }] }
      : { text: 'It is blue.' },
  )
  const before = sdk.server.ledger.entries.length
  const inputSchema = ai.jsonSchema<{ city: string }>({ type: 'object' })
  const weather = ai.tool({ inputSchema, execute: ({ city }) => `blue in ${city}` })
  await trace.getTracer('application').startActiveSpan('request', async (span) => {
    const call = { model: modelOverClient(), prompt: 'weather?', tools: { weather }, stopWhen: ai.isStepCount(3) }
    expect(await ai.streamText({ ...call, telemetry: { functionId: 'forecaster' } }).text).toBe('It is blue.')
    span.end()
  })
  const spans = sdk.telemetry.spans()
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  expect(spans.map(({ name, parentSpanContext }) => `${names.get(parentSpanContext?.spanId ?? '')} > ${name}`)).toEqual(
    [
      'invoke_agent forecaster > chat gpt-4o',
      'invoke_agent forecaster > execute_tool weather',
      'invoke_agent forecaster > chat gpt-4o',
      'request > invoke_agent forecaster',
      'undefined > request',
    ],
  )
  const sum = (key: string) =>
    spans
      .filter(({ name }) => name === 'chat gpt-4o' || key.startsWith('agentel.cost'))
      .reduce((total, { attributes }) => total + Number(attributes[key] ?? 0), 0)
  const billed = sdk.server.ledger.totals(({ sequence }) => sequence >= before)
  expect([2, sum('gen_ai.usage.input_tokens'), sum('gen_ai.usage.output_tokens')]).toEqual([
    billed.requests,
    billed.inputTokens,
    billed.outputTokens,
  ])
  expect(sum('agentel.cost.amount')).toBeCloseTo(billed.inputTokens * 2.5e-6 + billed.outputTokens * 1e-5, 10)
})

it('reads a reranking as a span of its own kind', async () => {
  const model = {
    specificationVersion: 'v4',
    provider: 'cohere.reranking',
    modelId: 'rerank-4',
    doRerank: async () => ({ ranking: [{ index: 1, relevanceScore: 0.9 }] }),
  }
  await ai.rerank({ model: model as never, documents: ['a', 'b'], query: 'b' })
  expect(sdk.telemetry.span('rerank rerank-4').attributes).toEqual({
    'agentel.span.type': 'rerank',
    'gen_ai.provider.name': 'cohere',
    'gen_ai.request.model': 'rerank-4',
  })
})

describe('beside @ai-sdk/otel', () => {
  const list = (): object[] =>
    (globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: object[] }).AI_SDK_TELEMETRY_INTEGRATIONS!

  it('makes no span of its own, and a client below completes the one there is', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    const theirs = new OpenTelemetry()
    ai.registerTelemetry(theirs)
    try {
      await ai.generateText({ model: modelOverClient(), prompt: 'hi' })
    } finally {
      list().splice(list().indexOf(theirs), 1)
    }
    expect(operations().filter((one) => one === 'chat')).toHaveLength(1)
    expect(new Set(sdk.telemetry.spans().map((span) => span.instrumentationScope.name))).toEqual(new Set(['gen_ai']))
    expect(sdk.telemetry.span('chat gpt-4o').attributes).toMatchObject({
      'server.port': sdk.server.port,
      'gen_ai.usage.input_tokens': 1000,
    })
  })
})
