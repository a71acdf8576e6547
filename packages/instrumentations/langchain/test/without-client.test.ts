import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import { BaseChatModel, type BaseChatModelParams } from '@langchain/core/language_models/chat_models'
import { LLM } from '@langchain/core/language_models/llms'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import { SpanKind } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { useLangChain } from './langchain-harness.ts'

const langchain = useLangChain({ client: false })

const USAGE = {
  input_tokens: 1000,
  output_tokens: 200,
  total_tokens: 1200,
  input_token_details: { cache_read: 400, cache_creation: 100 },
  output_token_details: { reasoning: 50 },
}
const ABOUT = { model_name: 'claude-sonnet-4-5-20250929', stop_reason: 'end_turn' }

/** A model of another provider, with a client that nobody knows. */
class ChatAcme extends BaseChatModel {
  readonly provider: string

  constructor(provider = 'anthropic', fields: BaseChatModelParams = {}) {
    super(fields)
    this.provider = provider
  }

  override _llmType(): string {
    return 'acme'
  }

  override getLsParams(options: this['ParsedCallOptions']) {
    return {
      ...super.getLsParams(options),
      ls_provider: this.provider,
      ls_model_name: 'claude-sonnet-4-5',
      ls_temperature: 0.5,
      ls_max_tokens: 300,
      ls_stop: ['end'],
    }
  }

  override invocationParams() {
    return { top_p: 0.9, top_k: 40, seed: 7, frequency_penalty: 0.1, presence_penalty: 0.2 }
  }

  override async _generate(): Promise<ChatResult> {
    const message = new AIMessage({
      content: 'one two',
      id: 'msg_1',
      usage_metadata: USAGE as never,
      response_metadata: ABOUT,
    })
    return { generations: [{ text: 'one two', message }] }
  }

  override async *_streamResponseChunks(_messages: BaseMessage[], _options: object, run?: CallbackManagerForLLMRun) {
    for (const content of ['one ', 'two']) {
      const message = new AIMessageChunk({ content, id: 'msg_1' })
      yield new ChatGenerationChunk({ text: content, message })
      await run?.handleLLMNewToken(content)
    }
    const message = new AIMessageChunk({ content: '', usage_metadata: USAGE as never, response_metadata: ABOUT })
    yield new ChatGenerationChunk({ text: '', message })
  }
}

const SPAN = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'claude-sonnet-4-5',
  'gen_ai.request.max_tokens': 300,
  'gen_ai.request.temperature': 0.5,
  'gen_ai.request.top_p': 0.9,
  'gen_ai.request.top_k': 40,
  'gen_ai.request.seed': 7,
  'gen_ai.request.frequency_penalty': 0.1,
  'gen_ai.request.presence_penalty': 0.2,
  'gen_ai.request.stop_sequences': ['end'],
  'gen_ai.response.id': 'msg_1',
  'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 200,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.cache_write.input_tokens': 100,
  'gen_ai.usage.reasoning.output_tokens': 50,
}
/** As Anthropic bills it: 500 fresh tokens, 400 read from the cache, 100 written to it, 200 put out. */
const BILL = (500 * 3 + 400 * 0.3 + 100 * 3.75 + 200 * 15) / 1e6

it('a call of a model whose client is not known has what LangChain tells', async () => {
  await new ChatAcme().invoke('hello')
  const span = langchain.telemetry.span('chat claude-sonnet-4-5')
  const { 'agentel.cost.amount': cost, 'agentel.cost.pricing.version': _version, ...attributes } = span.attributes
  expect(span.kind).toBe(SpanKind.CLIENT)
  expect(cost).toBeCloseTo(BILL, 10)
  expect(attributes).toEqual({ ...SPAN, 'agentel.cost.source': 'local' })
})

it('its stream has the same, and when the first chunk came', async () => {
  for await (const _chunk of await new ChatAcme().stream('hello'));
  const {
    'agentel.cost.amount': cost,
    'agentel.cost.pricing.version': _version,
    'gen_ai.response.time_to_first_chunk': first,
    ...attributes
  } = langchain.telemetry.span('chat claude-sonnet-4-5').attributes
  expect(cost).toBeCloseTo(BILL, 10)
  expect(first).toBeGreaterThan(0)
  expect(attributes).toEqual({ ...SPAN, 'agentel.cost.source': 'local', 'gen_ai.request.stream': true })
})

it('a client that is not hooked leaves no second span, and tokens are those of the server', async () => {
  langchain.answer(() => ({ text: 'hi', usage: { inputTokens: 90, outputTokens: 10, cachedTokens: 30 } }))
  await langchain.model({ temperature: 0.2 }).invoke('hello')
  expect(langchain.telemetry.spans()).toHaveLength(1)
  expect(langchain.telemetry.span('chat gpt-4o').attributes).toMatchObject({
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.temperature': 0.2,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 90,
    'gen_ai.usage.output_tokens': 10,
    'gen_ai.usage.cache_read.input_tokens': 30,
  })
})

it('an answer that came in pieces although it was asked for as a whole is a stream', async () => {
  class InPieces extends ChatAcme {
    override async _generate(_messages?: unknown, _options?: unknown, run?: CallbackManagerForLLMRun) {
      for (const piece of ['one ', 'two']) await run?.handleLLMNewToken(piece)
      return super._generate()
    }
  }
  await new InPieces().invoke('hello')
  const { attributes } = langchain.telemetry.span('chat claude-sonnet-4-5')
  const { 'gen_ai.response.time_to_first_chunk': first, ...rest } = attributes
  expect(first).toBeGreaterThan(0)
  expect(rest).toMatchObject({ ...SPAN, 'gen_ai.request.stream': true })
})

it.each([
  ['google_vertexai', 'gcp.vertex_ai'],
  ['azure', 'azure.ai.openai'],
  ['amazon_bedrock', 'aws.bedrock'],
  ['mistralai', 'mistral_ai'],
  ['ollama', 'ollama'],
  // The name of a class says nothing of the provider: the model's family does.
  ['Acme', 'acme'],
])('the provider that LangChain calls %s is %s', async (theirs, ours) => {
  await new ChatAcme(theirs).invoke('hello')
  expect(langchain.telemetry.span('chat claude-sonnet-4-5').attributes['gen_ai.provider.name']).toBe(ours)
})

it('a model of texts has its older count of tokens, and the model that it names', async () => {
  class Texts extends LLM {
    readonly model = 'davinci-002'
    override _llmType(): string {
      return 'openai'
    }
    override async _call(): Promise<string> {
      return 'continued'
    }
    override async _generate(prompts: string[]) {
      const generations = prompts.map((text) => [{ text, generationInfo: { finish_reason: 'length' } }])
      return { generations, llmOutput: { tokenUsage: { promptTokens: 7, completionTokens: 3 } } }
    }
  }
  await new Texts({}).generate(['a', 'b'])
  const { attributes } = langchain.telemetry.span('text_completion davinci-002')
  expect(attributes).toMatchObject({
    'gen_ai.operation.name': 'text_completion',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'davinci-002',
    'gen_ai.response.finish_reasons': ['length'],
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.usage.output_tokens': 3,
  })
})
