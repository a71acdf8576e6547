import type { EmbeddingModel, LanguageModel } from 'ai'
import type { ContractSuite } from '@agentel/testing/contract'
import { callScenarios } from './call-scenarios.ts'
import { errorScenarios } from './error-scenarios.ts'
import { reply } from './reply.ts'
import { streamScenarios } from './stream-scenarios.ts'
import { toolScenarios } from './tool-scenarios.ts'

/** The modules' namespaces, or what `require()` gives. */
export interface Sdk {
  readonly m0: typeof import('ai')
  readonly m1: typeof import('@ai-sdk/openai')
  readonly m2: typeof import('zod')
}

/** Models of one provider: over chat completions, over the responses API, and one that embeds. */
export interface Client {
  readonly model: LanguageModel
  readonly responses: LanguageModel
  readonly embedding: EmbeddingModel
}

/** What applications do with the AI SDK. */
export const suite: ContractSuite<Client, Sdk> = {
  createClient: ({ m1 }, url) => {
    // What is no failure of ours is said in the log; warnings of the SDK are the same with us and without.
    const openai = m1.createOpenAI({ apiKey: 'sk-test', baseURL: `${url}/v1` })
    return {
      model: openai.chat('gpt-4o'),
      responses: openai.responses('gpt-4o'),
      embedding: openai.embedding('text-embedding-3-small'),
    }
  },
  scenarios: [...callScenarios, ...streamScenarios, ...toolScenarios, ...errorScenarios],
  reply,
}
