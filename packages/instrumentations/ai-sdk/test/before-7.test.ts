import type { Attributes } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addGate, configureContent, GateError } from '@agentel/api'
import { aiSdkTable } from '@agentel/instrumentation-ai-sdk'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { checkConformance } from '@agentel/testing/conformance'
import { breakTable, faultsOf } from '@agentel/testing/contract'
import { randomFrom } from '@agentel/testing/random'
import { useBefore7 } from './before-7-harness.ts'

const usage = { inputTokens: 1000, outputTokens: 200, cachedTokens: 400, reasoningTokens: 50 }

describe.each([5, 6])('ai %i', (major) => {
  const sdk = useBefore7(major)
  const openaiInstrumentation = new OpenAIInstrumentation({ enabled: false })
  beforeAll(() => void openaiInstrumentation.manuallyInstrument(sdk.require('openai') as object))
  afterAll(() => openaiInstrumentation.disable())
  const say = (prompt: string) => ({ model: sdk.openai.chat('gpt-4o') as never, prompt, maxRetries: 0 })
  const names = () => sdk.telemetry.spans().map(({ name }) => name)
  const attributesOf = (name: string): Attributes => sdk.telemetry.span(name).attributes

  it('a call is one span, complete but for the address, which the SDK tells nobody', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    const { response } = await sdk.ai.generateText({ ...say('secret'), maxOutputTokens: 50, temperature: 0.5 })
    expect(names()).toEqual(['chat gpt-4o'])
    expect(attributesOf('chat gpt-4o')).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.max_tokens': 50,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.id': response.id,
      'gen_ai.response.model': response.modelId,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 200,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.reasoning.output_tokens': 50,
      'agentel.cost.amount': 600 * 2.5e-6 + 400 * 1.25e-6 + 200 * 1e-5,
      'agentel.cost.pricing.version': expect.any(String),
      'agentel.cost.source': 'local',
    })
    expect(checkConformance({ spans: sdk.telemetry.spans() }).map(({ message }) => message)).toEqual([
      'expected attribute server.address is missing on a successful span',
    ])
  })

  it('that succeeds after a retry is one span and no failure, for texts and for embeddings', async () => {
    const failFirst = () => {
      let calls = 0
      sdk.answer(() => (calls++ === 0 ? { fault: { kind: 'server' } } : { text: 'ok' }))
    }
    failFirst()
    await sdk.ai.generateText({ ...say('x'), maxRetries: 1 })
    failFirst()
    const model = sdk.openai.embedding('text-embedding-3-small') as never
    await sdk.ai.embed({ model, value: 'x', maxRetries: 1 })
    expect(names()).toEqual(['chat gpt-4o', 'embeddings text-embedding-3-small'])
    for (const { status } of sdk.telemetry.spans()) expect(status.code).toBe(0)
  }, 30_000)

  it('each function is hooked: objects, embeddings, rankings, loops with tools that fail', async () => {
    const { z } = sdk.require('zod') as typeof import('zod')
    const city = { schema: z.object({ city: z.string() }) } as object
    sdk.answer(({ messages }) => {
      if (messages[0]?.text !== 'weather?') return { text: '{"city": "Paris"}', usage }
      return messages.length > 1 ? { text: 'grey' } : { toolCalls: [{ name: 'weather', arguments: {}, id: 'call_1' }] }
    })
    await sdk.ai.generateObject({ ...say('city'), ...city } as never)
    for await (const _part of sdk.ai.streamObject({ ...say('city'), ...city } as never).partialObjectStream);
    await sdk.ai.embedMany({ model: sdk.openai.embedding('text-embedding-3-small') as never, values: ['one', 'two'] })
    const execute = (): Promise<string> => Promise.reject(new RangeError('no such city'))
    const tools = { weather: sdk.ai.tool({ inputSchema: z.object({}), execute }) }
    await sdk.ai.streamText({ ...say('weather?'), tools, stopWhen: sdk.ai.stepCountIs(2) }).consumeStream()
    expect(names()).toEqual([
      'chat gpt-4o',
      'chat gpt-4o',
      'embeddings text-embedding-3-small',
      'chat gpt-4o',
      'execute_tool weather',
      'chat gpt-4o',
      'invoke_agent streamText',
    ])
    const [whole, streamed] = sdk.telemetry.spans()
    for (const { attributes } of [whole!, streamed!])
      expect(attributes).toMatchObject({ 'gen_ai.output.type': 'json', 'gen_ai.usage.cache_read.input_tokens': 400 })
    expect(attributesOf('embeddings text-embedding-3-small')).toMatchObject({
      'gen_ai.embeddings.dimension.count': 1536,
    })
    expect(attributesOf('execute_tool weather')['error.type']).toBe('RangeError')
  })

  it('a ranking, which 5 has not, is a span of its own kind', async () => {
    if (major === 5) return expect(sdk.ai.rerank).toBeUndefined()
    const model = {
      specificationVersion: 'v3',
      provider: 'cohere.reranking',
      modelId: 'rerank-4',
      doRerank: async () => ({ ranking: [{ index: 1, relevanceScore: 0.9 }] }),
    }
    await sdk.ai.rerank({ model: model as never, documents: ['a', 'b'], query: 'b' })
    expect(attributesOf('rerank rerank-4')).toEqual({
      'agentel.span.type': 'rerank',
      'gen_ai.provider.name': 'cohere',
      'gen_ai.request.model': 'rerank-4',
    })
  })

  it('that is streamed ends with an abort, and with an error in its middle', async () => {
    sdk.answer(() => ({ text: 'one two three four', chunkDelay: 5, interrupt: { how: 'error', afterChunks: 3 } }))
    await sdk.ai.streamText({ ...say('x'), onError: () => undefined }).consumeStream()
    sdk.answer(() => ({ text: 'one two three four', chunkDelay: 5 }))
    const controller = new AbortController()
    for await (const { type } of sdk.ai.streamText({ ...say('x'), abortSignal: controller.signal }).fullStream)
      if (type === 'text-delta') controller.abort()
    const errors = sdk.telemetry.spans().map(({ attributes }) => attributes['error.type'])
    expect(errors).toEqual(['_OTHER', 'cancelled'])
    expect(names()).toEqual(['chat gpt-4o', 'chat gpt-4o'])
  })

  it('has its content when content is on, unless the call says otherwise', async () => {
    configureContent({ capture: 'SPAN_ONLY' })
    const call = { ...say('count'), system: 'be brief' }
    await sdk.ai.generateText(call)
    const silent = { ...call, experimental_telemetry: { recordInputs: false, recordOutputs: false } }
    await sdk.ai.generateText(silent as never)
    await sdk.ai.streamText(silent as never).consumeStream()
    const [shown, ...hidden] = sdk.telemetry.spans().map(({ attributes }) => attributes)
    expect(JSON.parse(String(shown!['gen_ai.input.messages']))).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'count' }] },
    ])
    expect(JSON.parse(String(shown!['gen_ai.system_instructions']))).toEqual([{ type: 'text', content: 'be brief' }])
    expect(JSON.parse(String(shown!['gen_ai.output.messages']))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'one two three' }], finish_reason: 'stop' },
    ])
    expect(hidden).toHaveLength(2)
    expect(JSON.stringify(hidden)).not.toMatch(/count|brief|one two/)
  })

  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'a streamed call gives the span of the unstreamed one (seed %i)',
    async (seed) => {
      configureContent({ capture: 'SPAN_ONLY' })
      const random = randomFrom(seed + 1)
      const texts = ['a', 'Grüße, 世界 👩‍👩‍👧', 'line\nline\r\n\u2028data: [DONE]', 'word '.repeat(60)]
      const reply = { text: texts[random(4)]!, usage: { ...usage, cachedTokens: random(1000) } }
      const answered = seed % 2 === 0 ? reply : { usage, toolCalls: [{ name: 'mail', arguments: {}, id: 'call_1' }] }
      sdk.answer(() => answered)
      await sdk.ai.generateText(say('go'))
      await sdk.ai.streamText(say('go')).consumeStream()
      const [whole, streamed] = sdk.telemetry.spans().map(({ attributes }) => {
        const { 'gen_ai.response.id': id, ...rest } = attributes
        return { ...rest, hasId: typeof id === 'string' } as Attributes
      })
      const { 'gen_ai.request.stream': stream, 'gen_ai.response.time_to_first_chunk': first, ...rest } = streamed!
      expect([stream, typeof first]).toEqual([true, 'number'])
      expect(rest).toEqual(whole)
    },
  )

  it('what Anthropic reads from its cache and writes into it is counted once, at its own price', async () => {
    sdk.answer(() => ({
      text: 'hi',
      usage: { ...usage, cacheWriteTokens: 100, cacheWrite1hTokens: 40, reasoningTokens: 0 },
    }))
    const call = { model: sdk.anthropic('claude-haiku-4-5'), prompt: 'x', maxRetries: 0 }
    await sdk.ai.generateText(call)
    await sdk.ai.streamText(call).consumeStream()
    const bill = 500 * 1e-6 + 400 * 1e-7 + 60 * 1.25e-6 + 40 * 2e-6 + 200 * 5e-6
    for (const { attributes } of sdk.telemetry.spans()) {
      expect(attributes).toMatchObject({
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.cache_read.input_tokens': 400,
        'gen_ai.usage.cache_write.input_tokens': 100,
        'agentel.usage.cache_write_1h.input_tokens': 40,
      })
      expect(attributes['agentel.cost.amount']).toBeCloseTo(bill, 10)
    }
    expect(sdk.telemetry.spans()).toHaveLength(2)
  })

  it('stops at a gate before anything is sent', async () => {
    const remove = addGate(() => {
      throw new GateError('budget', 'budget spent')
    })
    const before = sdk.server.ledger.entries.length
    await expect(sdk.ai.generateText(say('x'))).rejects.toThrow('budget spent')
    remove()
    expect(sdk.server.ledger.entries).toHaveLength(before)
    expect(sdk.telemetry.span('chat gpt-4o').status.code).toBe(2)
  })

  it('an instrumented client below completes the span of the call, and there is no second one', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    await sdk.ai.generateText({ model: modelOverClient(sdk.require('openai') as never, sdk.server.url), prompt: 'x' })
    expect(names()).toEqual(['chat gpt-4o'])
    expect(attributesOf('chat gpt-4o')).toMatchObject({
      'server.port': sdk.server.port,
      'gen_ai.usage.input_tokens': 1000,
    })
  })

  it('where the application has the SDK make its spans, they are the only ones, and count once', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    const model = modelOverClient(sdk.require('openai') as never, sdk.server.url)
    await sdk.ai.generateText({ model, prompt: 'x', experimental_telemetry: { isEnabled: true } } as never)
    expect(sdk.telemetry.spans().map(({ name, instrumentationScope: { name: scope } }) => `${scope}: ${name}`)).toEqual(
      ['ai: ai.generateText.doGenerate', 'ai: ai.generateText'],
    )
    const inner = attributesOf('ai.generateText.doGenerate')
    expect(inner).toMatchObject({ 'gen_ai.operation.name': 'chat', 'server.port': sdk.server.port })
    const costs = sdk.telemetry.spans().map(({ attributes }) => attributes['agentel.cost.amount'])
    expect(costs).toEqual([expect.any(Number), undefined])
  })

  it('a fault in any part of ours is never felt', async () => {
    const run = async (ai: typeof sdk.ai) => {
      const { text, usage: tokens } = await ai.generateText(say('count'))
      const stream = ai.streamText(say('count'))
      const parts = await Array.fromAsync(stream.textStream)
      const { embedding } = await ai.embed({
        model: sdk.openai.embedding('text-embedding-3-small') as never,
        value: 'x',
      })
      const refused = await ai.generateText({ ...say('x'), model: 5 as never }).catch((error: Error) => error.name)
      return { text, tokens, parts, length: embedding.length, refused }
    }
    const whole = await run(sdk.ai)
    const faults = faultsOf(aiSdkTable()).filter((fault) => fault.startsWith('options.'))
    expect(faults.length).toBeGreaterThan(12)
    for (const fault of faults) expect(await run(sdk.load(breakTable(aiSdkTable(), fault))), fault).toEqual(whole)
    sdk.telemetry.reset()
    await run(sdk.load(aiSdkTable()))
    expect(names().filter((name) => name === 'chat gpt-4o')).toHaveLength(2)
  })

  it('is as it was once it is disabled', async () => {
    const replaced = sdk.load(aiSdkTable()).generateText
    sdk.load({ ...aiSdkTable(), module: 'another' })
    expect(sdk.ai.generateText).not.toBe(replaced)
    await sdk.ai.generateText(say('x'))
    expect(names()).toEqual([])
  })
})

/** A provider of the AI SDK that is made of the provider's own client. */
function modelOverClient({ OpenAI }: { OpenAI: typeof import('openai').OpenAI }, url: string): never {
  const client = new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 })
  const model = {
    specificationVersion: 'v2',
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
        finishReason: 'stop',
        usage: {
          inputTokens: answer.usage?.prompt_tokens,
          outputTokens: answer.usage?.completion_tokens,
          totalTokens: answer.usage?.total_tokens,
        },
        warnings: [],
      }
    },
  }
  return model as never
}
