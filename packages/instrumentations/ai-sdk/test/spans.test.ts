import { createOpenAI } from '@ai-sdk/openai'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { embed, embedMany, generateObject, generateText, isStepCount, Output, streamText, tool } from 'ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addGate, configureContent, GateError, withIdentity } from '@agentel/api'
import type { Scenario } from '@agentel/testing/model-server'
import { chat } from '../src/chat.ts'
import { useAiSdk } from './ai-sdk-harness.ts'

const sdk = useAiSdk()
const usage = { inputTokens: 1000, outputTokens: 200, cachedTokens: 400, reasoningTokens: 50 }
const anywhere = { provider: 'anthropic' }
const settings = { maxOutputTokens: 50, maxRetries: 0 }
const names = () => sdk.telemetry.spans().map(({ name }) => name)
const chats = () => sdk.telemetry.spans().filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
const weather = tool({
  description: 'secret description',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, sky: 'blue' }),
})
const askForWeather: Scenario = ({ messages }) =>
  messages.some(({ role }) => role === 'tool')
    ? { text: 'blue', usage }
    : { toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' }, id: 'call_1' }], usage }

describe('a call of a model', () => {
  it('is one CLIENT span with all that was asked and answered, and no content', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    const { response } = await generateText({ model: sdk.openai.chat('gpt-4o'), prompt: 'secret', ...settings })
    const span = sdk.telemetry.span('chat gpt-4o')
    expect(sdk.telemetry.spans()).toHaveLength(1)
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
    const { 'agentel.cost.amount': cost, ...attributes } = span.attributes
    expect(cost).toBeGreaterThan(0)
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.max_tokens': 50,
      'gen_ai.response.id': response.id,
      'gen_ai.response.model': response.modelId,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 200,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.reasoning.output_tokens': 50,
      'server.address': '127.0.0.1',
      'server.port': sdk.server.port,
    })
    expect(JSON.stringify(attributes)).not.toContain('secret')
  })

  it('names an IPv6 server as all other spans do, without brackets', async () => {
    const local = (url: string | URL | Request, init?: RequestInit) =>
      fetch(String(url).replace('//[::1]:8080', `//127.0.0.1:${sdk.server.port}`), init)
    const openai = createOpenAI({ apiKey: 'sk-test', baseURL: 'http://[::1]:8080/v1', fetch: local })
    await generateText({ model: openai.chat('gpt-4o'), prompt: 'hi', ...settings })
    expect(sdk.telemetry.span('chat gpt-4o').attributes).toMatchObject({
      'server.address': '::1',
      'server.port': 8080,
    })
  })

  it('gives the same span streamed and unstreamed, but for what only a stream has', async () => {
    sdk.answer(() => ({ text: 'one two three', usage }))
    const model = sdk.openai.chat('gpt-4o')
    await generateText({ model, prompt: 'count', ...settings })
    await streamText({ model, prompt: 'count', ...settings }).consumeStream()
    const [whole, streamed] = chats().map(({ attributes }) => {
      const { 'gen_ai.response.id': _id, ...rest } = attributes
      return rest
    })
    const { 'gen_ai.request.stream': stream, 'gen_ai.response.time_to_first_chunk': first, ...rest } = streamed!
    expect([stream, typeof first]).toEqual([true, 'number'])
    expect(rest).toEqual(whole)
  })

  it('says that an object was asked for', async () => {
    const model = sdk.openai.chat('gpt-4o')
    const schema = z.object({ sky: z.string() })
    sdk.answer(() => ({ text: '{"sky":"blue"}', usage }))
    await generateObject({ model, prompt: 'sky', schema })
    await generateText({ model, prompt: 'sky', output: Output.object({ schema }) })
    const told = { 'gen_ai.output.type': 'json', 'gen_ai.usage.output_tokens': 200 }
    for (const { attributes } of chats()) expect(attributes).toMatchObject(told)
    expect(chats()).toHaveLength(2)
  })

  it('that fails is a failed span, and the caller gets the error', async () => {
    sdk.answer(() => ({ fault: { kind: 'invalid_request' } }))
    const call = generateText({ model: sdk.openai.chat('gpt-4o'), prompt: 'x', ...settings })
    await expect(call).rejects.toMatchObject({ statusCode: 400 })
    const span = sdk.telemetry.span('chat gpt-4o')
    expect(span.status.code).toBe(SpanStatusCode.ERROR)
    expect(span.attributes['error.type']).toBeDefined()
  })

  it('that succeeds after a retry is one span and no failure', async () => {
    sdk.answer(({ attempt: _attempt, index }) => (index % 2 === 0 ? { fault: { kind: 'server' } } : { text: 'ok' }))
    if (sdk.server.ledger.entries.length % 2 === 1) {
      await generateText({ model: sdk.openai.chat('gpt-4o'), prompt: 'even out', maxRetries: 0 }).catch(() => {})
      sdk.telemetry.reset()
    }
    await generateText({ model: sdk.openai.chat('gpt-4o'), prompt: 'x', maxRetries: 1 })
    expect(sdk.telemetry.span('chat gpt-4o').status.code).toBe(SpanStatusCode.UNSET)
  }, 15_000)

  it('that fails in every attempt says why the last one did', async () => {
    sdk.answer(() => ({ fault: { kind: 'rate_limit', retryAfter: 0.01 } }))
    const call = generateText({ model: sdk.openai.chat('gpt-4o'), prompt: 'x', maxRetries: 1 })
    await expect(call).rejects.toThrow('Failed after 2 attempts')
    const { attributes, status } = sdk.telemetry.span('chat gpt-4o')
    expect(attributes).toMatchObject({ 'error.type': '429', 'agentel.error.category': 'rate_limit' })
    expect(status.message).toContain('Failed after 2 attempts')
  })

  it('tells what Anthropic keeps in its cache for an hour, as its provider package hands it on', () => {
    const raw = { input_tokens: 5, cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 40 } }
    const attributes = chat.readResponse(
      { finishReason: 'stop', usage: { inputTokens: 46, raw } },
      anywhere,
      'complete',
    )
    expect(attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 46,
      'agentel.usage.cache_write_1h.input_tokens': 40,
    })
  })

  it('refers to a file whose bytes come as base64', async () => {
    configureContent({ capture: 'SPAN_ONLY' })
    const file = {
      type: 'file' as const,
      data: Buffer.from('%PDF-1.7').toString('base64'),
      mediaType: 'application/pdf',
    }
    const messages = [{ role: 'user' as const, content: [{ ...file, filename: 'a.pdf' }] }]
    await generateText({ model: sdk.openai.chat('gpt-4o'), messages, ...settings })
    const [message] = JSON.parse(String(sdk.telemetry.span('chat gpt-4o').attributes['gen_ai.input.messages']))
    expect(message.parts).toEqual([
      {
        type: 'uri',
        modality: 'document',
        mime_type: 'application/pdf',
        uri: expect.stringMatching(/^urn:sha256:[0-9a-f]{64}$/),
        size: 8,
      },
    ])
  })

  it('that ends with an error of the model in the middle of its stream is failed', async () => {
    sdk.answer(() => ({ text: 'one two three four', interrupt: { how: 'error', afterChunks: 3 } }))
    const call = { model: sdk.openai.chat('gpt-4o'), prompt: 'x', onError: () => undefined, ...settings }
    await streamText(call).consumeStream()
    expect(sdk.telemetry.span('chat gpt-4o').attributes['error.type']).toBe('_OTHER')
  })

  it('that the caller aborts is cancelled', async () => {
    sdk.answer(() => ({ text: 'one two three four five six', chunkDelay: 30 }))
    const controller = new AbortController()
    const { fullStream } = streamText({
      model: sdk.openai.chat('gpt-4o'),
      prompt: 'x',
      abortSignal: controller.signal,
      ...settings,
    })
    for await (const part of fullStream) if (part.type === 'text-delta') controller.abort()
    expect(sdk.telemetry.span('chat gpt-4o').attributes['error.type']).toBe('cancelled')
  })

  it('has its content when content is on, unless the call says otherwise', async () => {
    configureContent({ capture: 'SPAN_ONLY' })
    const call = { model: sdk.openai.chat('gpt-4o'), instructions: 'be brief', prompt: 'count', ...settings }
    await generateText(call)
    await generateText({ ...call, telemetry: { recordInputs: false, recordOutputs: false } })
    const [shown, hidden] = chats().map(({ attributes }) => attributes)
    expect(JSON.parse(String(shown!['gen_ai.input.messages']))).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'count' }] },
    ])
    expect(JSON.parse(String(shown!['gen_ai.system_instructions']))).toEqual([{ type: 'text', content: 'be brief' }])
    expect(JSON.parse(String(shown!['gen_ai.output.messages']))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'one two three' }], finish_reason: 'stop' },
    ])
    expect(JSON.stringify(hidden)).not.toMatch(/count|brief|one two/)
  })
})

describe('a loop with tools', () => {
  it('is an agent with its calls and tools, one connected trace that equals the ledger', async () => {
    sdk.answer(askForWeather)
    const before = sdk.server.ledger.entries.length
    const result = withIdentity({ sessionId: 's' }, () =>
      streamText({
        model: sdk.openai.chat('gpt-4o'),
        prompt: 'weather?',
        tools: { weather },
        stopWhen: isStepCount(3),
        telemetry: { functionId: 'forecaster' },
      }),
    )
    expect(await result.text).toBe('blue')
    expect(names().toSorted()).toEqual([
      'chat gpt-4o',
      'chat gpt-4o',
      'execute_tool weather',
      'invoke_agent forecaster',
    ])
    const agent = sdk.telemetry.span('invoke_agent forecaster')
    for (const span of sdk.telemetry.spans().filter((one) => one !== agent)) {
      expect(span.parentSpanContext?.spanId).toBe(agent.spanContext().spanId)
      expect(span.attributes['gen_ai.agent.name']).toBe('forecaster')
    }
    const billed = sdk.server.ledger.entries.slice(before)
    const sum = (key: string) => chats().reduce((all, { attributes }) => all + Number(attributes[key]), 0)
    expect(chats()).toHaveLength(billed.length)
    expect(sum('gen_ai.usage.input_tokens')).toBe(billed.reduce((all, entry) => all + entry.usage.inputTokens, 0))
    expect(agent.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 2000,
      'gen_ai.usage.output_tokens': 400,
    })
    expect(agent.attributes['agentel.cost.amount']).toBeUndefined()
    expect(sdk.telemetry.span('execute_tool weather').attributes).toMatchObject({
      'gen_ai.tool.name': 'weather',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.type': 'function',
    })
    expect(JSON.stringify(sdk.telemetry.spans().map(({ attributes }) => attributes))).not.toMatch(/secret|Oslo/)
  })

  it('shows a tool that fails, and what runs in a tool is inside of it', async () => {
    sdk.answer(askForWeather)
    const broken = tool({
      inputSchema: z.object({ city: z.string() }),
      execute: async (): Promise<string> => {
        await embed({ model: sdk.openai.embedding('text-embedding-3-small'), value: 'x' })
        throw new RangeError('no such city')
      },
    })
    const model = sdk.openai.chat('gpt-4o')
    await generateText({ model, prompt: 'weather?', tools: { weather: broken }, stopWhen: isStepCount(2) })
    const span = sdk.telemetry.span('execute_tool weather')
    expect(span.attributes['error.type']).toBe('RangeError')
    const inside = sdk.telemetry.span('embeddings text-embedding-3-small')
    expect(inside.parentSpanContext?.spanId).toBe(span.spanContext().spanId)
    expect(sdk.telemetry.span('invoke_agent generateText').status.code).toBe(SpanStatusCode.UNSET)
  })

  it('stops at a gate before anything is sent', async () => {
    const remove = addGate(() => {
      throw new GateError('budget', 'budget spent')
    })
    const before = sdk.server.ledger.entries.length
    const call = generateText({ model: sdk.openai.chat('gpt-4o'), prompt: 'x', ...settings })
    await expect(call).rejects.toThrow('budget spent')
    remove()
    expect(sdk.server.ledger.entries).toHaveLength(before)
    expect(sdk.telemetry.span('chat gpt-4o').status.code).toBe(SpanStatusCode.ERROR)
  })
})

describe('embeddings', () => {
  it('are one span for each call of the model', async () => {
    const model = sdk.openai.embedding('text-embedding-3-small')
    await embedMany({ model, values: ['one', 'two words'] })
    expect(sdk.telemetry.span('embeddings text-embedding-3-small').attributes).toMatchObject({
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.provider.name': 'openai',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.embeddings.dimension.count': 1536,
    })
  })
})

it('records nothing while it is disabled, and again afterwards', async () => {
  const call = { model: sdk.openai.chat('gpt-4o'), prompt: 'x' }
  sdk.instrumentation.disable()
  await generateText(call)
  expect(sdk.telemetry.spans()).toEqual([])
  sdk.instrumentation.enable()
  await generateText(call)
  expect(names()).toEqual(['chat gpt-4o'])
})
