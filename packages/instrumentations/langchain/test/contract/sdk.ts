/** What the scenarios use: LangChain's core, its models of OpenAI, LangGraph. */
export const MODULES = [
  '@langchain/core/language_models/chat_models',
  '@langchain/core/messages',
  '@langchain/core/prompts',
  '@langchain/core/runnables',
  '@langchain/core/tools',
  '@langchain/core/retrievers',
  '@langchain/core/utils/testing',
  '@langchain/openai',
  '@langchain/langgraph',
  '@langchain/core/callbacks/manager',
  '@langchain/core/singletons',
  '@langchain/core/language_models/llms',
  '@langchain/langgraph/pregel',
] as const

/** The modules' namespaces, or what `require()` gives. */
export interface Sdk {
  readonly m0: typeof import('@langchain/core/language_models/chat_models')
  readonly m1: typeof import('@langchain/core/messages')
  readonly m2: typeof import('@langchain/core/prompts')
  readonly m3: typeof import('@langchain/core/runnables')
  readonly m4: typeof import('@langchain/core/tools')
  readonly m5: typeof import('@langchain/core/retrievers')
  readonly m6: typeof import('@langchain/core/utils/testing')
  readonly m7: typeof import('@langchain/openai')
  readonly m8: typeof import('@langchain/langgraph')
}

/** What all scenarios ask. */
export const MODEL = 'gpt-4o'

/** A model of OpenAI, over chat completions. */
export interface Client {
  readonly model: InstanceType<Sdk['m7']['ChatOpenAI']>
  /** Another one with other settings. */
  readonly modelWith: (fields: object) => InstanceType<Sdk['m7']['ChatOpenAI']>
}

/** What the scenarios' one tool does. */
export function weatherTool({ m4 }: Sdk, execute: (input: { city: string }) => unknown) {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  return m4.tool(execute as never, { name: 'weather', description: 'The weather.', schema } as never)
}
