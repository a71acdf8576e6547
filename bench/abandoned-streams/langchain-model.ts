import { createRequire } from 'node:module'
import { LangChainInstrumentation } from '../../packages/instrumentations/langchain/src/index.ts'
import { type BenchModel, localAnswer } from './local-answer.ts'
import { events, whole } from './openai-answer.ts'

const require = createRequire(new URL('../../packages/instrumentations/langchain/package.json', import.meta.url))
const MODULES = ['callbacks/manager', 'singletons', 'language_models/chat_models'].map(
  (name) => `@langchain/core/${name}`,
)
type OpenAIModels =
  typeof import('../../packages/instrumentations/langchain/node_modules/@langchain/openai/dist/index.js')

/** A chat model of LangChain; the client below is not hooked: ours are the spans of the framework. */
export function langchainModel(bare: boolean): BenchModel {
  const instrumentation = new LangChainInstrumentation({ enabled: false })
  if (!bare) for (const name of MODULES) instrumentation.manuallyInstrument(require(name) as object)
  const { ChatOpenAI } = require('@langchain/openai') as OpenAIModels
  const model = new ChatOpenAI({
    model: 'gpt-4o',
    apiKey: 'k',
    maxRetries: 0,
    configuration: { baseURL: 'http://127.0.0.1/v1', fetch: localAnswer(whole, events) },
  })
  return { call: () => model.invoke('count'), stream: () => model.stream('count') }
}
