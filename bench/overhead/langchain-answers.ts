/** LangChain over the OpenAI client of answers.ts: a model, its stream, a graph of two nodes. */
import { cannedFetch } from './answers.ts'

/** The modules that an application loads, and that instrumentations are given. */
export function load(require: NodeJS.Require): any {
  return {
    manager: require('@langchain/core/callbacks/manager'),
    singletons: require('@langchain/core/singletons'),
    chatModels: require('@langchain/core/language_models/chat_models'),
    tools: require('@langchain/core/tools'),
    openai: require('@langchain/openai'),
    pregel: require('@langchain/langgraph/pregel'),
    langgraph: require('@langchain/langgraph'),
  }
}

/** A model, and a graph that asks it and then does nothing more. */
export function createClient({ openai, langgraph }: any): any {
  const model = new openai.ChatOpenAI({
    model: 'gpt-4o',
    temperature: 0.2,
    maxTokens: 400,
    apiKey: 'bench',
    maxRetries: 0,
    configuration: { fetch: cannedFetch },
  })
  const graph = new langgraph.StateGraph(langgraph.MessagesAnnotation)
    .addNode('ask', async ({ messages }: any) => ({ messages: [await model.invoke(messages)] }))
    .addNode('close', () => ({}))
    .addEdge('__start__', 'ask')
    .addEdge('ask', 'close')
    .compile({ name: 'desk' })
  return { model, graph }
}

const messages = [
  { role: 'system', content: 'You are a research assistant. Answer briefly, cite your sources.' },
  { role: 'user', content: 'Compare three vector stores for legal text. '.repeat(20) },
]

/** One call of each kind; resolves to the milliseconds until the first chunk, if there are chunks. */
export const operations: Record<string, (client: any) => Promise<number | undefined>> = {
  async invoke({ model }) {
    await model.invoke(messages)
    return undefined
  },
  async stream({ model }) {
    const started = performance.now()
    let first: number | undefined
    for await (const _ of await model.stream(messages)) first ??= performance.now() - started
    return first
  },
  async graph({ graph }) {
    await graph.invoke({ messages })
    return undefined
  },
}
