/** Loads a module as seen from the copy that is looked at. */
export type Load = (name: string) => Promise<Record<string, unknown>>

/** What a call is made with: a server in the place of the model, for SDKs that speak to one. */
export interface Probed {
  readonly load: Load
  readonly url: string
  /** Major version of the copy. */
  readonly major: number
}

const QUESTION = 'How are you?'
const ANSWER = 'Well.'
const OPENAI_MODEL = 'gpt-4o-mini'
const messages = [{ role: 'user', content: QUESTION }]

/** What the pretended model answers, by path. */
export const ANSWERS: Readonly<Record<string, object>> = {
  '/v1/chat/completions': {
    id: 'chatcmpl-doctor',
    object: 'chat.completion',
    created: 0,
    model: OPENAI_MODEL,
    choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 2, total_tokens: 14 },
  },
  '/v1/messages': {
    id: 'msg_doctor',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content: [{ type: 'text', text: ANSWER }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: 2 },
  },
}

/** One call of a model by each SDK of which one can be made without an account. */
export const PROBED_CALLS: Readonly<Record<string, (probed: Probed) => Promise<unknown>>> = {
  openai: callOpenAI,
  '@anthropic-ai/sdk': callAnthropic,
  ai: callAiSdk,
  '@langchain/core': callLangChain,
}

type Client<Resource> = new (options: object) => Resource
type Create = { create(body: object): Promise<unknown> }

async function callOpenAI({ load, url }: Probed): Promise<unknown> {
  const { OpenAI } = (await load('openai')) as { OpenAI: Client<{ chat: { completions: Create } }> }
  const client = new OpenAI({ apiKey: 'doctor', baseURL: `${url}/v1`, maxRetries: 0 })
  return client.chat.completions.create({ model: OPENAI_MODEL, messages })
}

async function callAnthropic({ load, url }: Probed): Promise<unknown> {
  const { Anthropic } = (await load('@anthropic-ai/sdk')) as { Anthropic: Client<{ messages: Create }> }
  const client = new Anthropic({ apiKey: 'doctor', baseURL: url, maxRetries: 0 })
  return client.messages.create({ model: 'claude-haiku-4-5', max_tokens: 10, messages })
}

/** The AI SDK takes any object for a model; which shape it has is a matter of the version. */
async function callAiSdk({ load, major }: Probed): Promise<unknown> {
  const { generateText } = (await load('ai')) as { generateText: (call: object) => Promise<unknown> }
  const isNested = major > 5
  const answer = {
    content: [{ type: 'text', text: ANSWER }],
    finishReason: isNested ? { unified: 'stop', raw: 'stop' } : 'stop',
    usage: isNested
      ? { inputTokens: { total: 12 }, outputTokens: { total: 2 } }
      : { inputTokens: 12, outputTokens: 2, totalTokens: 14 },
    warnings: [],
  }
  const model = {
    specificationVersion: major > 6 ? 'v4' : major > 5 ? 'v3' : 'v2',
    provider: 'openai.chat',
    modelId: OPENAI_MODEL,
    supportedUrls: {},
    doGenerate: () => Promise.resolve(answer),
  }
  return generateText({ model, prompt: QUESTION, maxRetries: 0 })
}

interface Asked {
  invoke(question: string): Promise<unknown>
}

async function callLangChain({ load }: Probed): Promise<unknown> {
  const { BaseChatModel } = (await load('@langchain/core/language_models/chat_models')) as {
    BaseChatModel: new (fields: object) => Asked
  }
  const { AIMessage } = (await load('@langchain/core/messages')) as { AIMessage: new (fields: object) => unknown }
  class DoctorsModel extends BaseChatModel {
    _llmType(): string {
      return 'doctor'
    }

    getLsParams(): object {
      return { ls_provider: 'openai', ls_model_name: OPENAI_MODEL, ls_model_type: 'chat' }
    }

    _generate(): Promise<object> {
      const usage = { input_tokens: 12, output_tokens: 2, total_tokens: 14 }
      return Promise.resolve({
        generations: [{ text: ANSWER, message: new AIMessage({ content: ANSWER, usage_metadata: usage }) }],
      })
    }
  }
  return new DoctorsModel({ maxRetries: 0 }).invoke(QUESTION)
}
