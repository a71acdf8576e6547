import { OpenTelemetry } from '@ai-sdk/otel'
import * as ai from 'ai'
import OpenAI, * as openaiModule from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { useAiSdk } from './ai-sdk-harness.ts'

const sdk = useAiSdk()
const openaiInstrumentation = new OpenAIInstrumentation({ enabled: false })
beforeAll(() => void openaiInstrumentation.manuallyInstrument(openaiModule))
afterAll(() => openaiInstrumentation.disable())

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
    doStream: () => Promise.reject(new Error('not streamed here')),
  }
  return model as unknown as ai.LanguageModel
}

describe('an instrumented client below', () => {
  it('completes the span of the call, and there is no second one', async () => {
    sdk.answer(() => ({ text: 'hi', usage }))
    await ai.generateText({ model: modelOverClient(), prompt: 'hi' })
    expect(operations()).toEqual(['chat'])
    const { attributes, instrumentationScope } = sdk.telemetry.span('chat gpt-4o')
    expect(instrumentationScope.name).toBe('@agentel/instrumentation-ai-sdk')
    expect(attributes).toMatchObject({ 'server.port': sdk.server.port, 'gen_ai.usage.input_tokens': 1000 })
  })
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
