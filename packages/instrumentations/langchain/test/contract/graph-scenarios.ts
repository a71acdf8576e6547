import type { ExpectedSpan, Scenario } from '@agentel/testing/contract'
import { CHAT, WEATHER } from './expected-spans.ts'
import { type Client, type Sdk, weatherTool } from './sdk.ts'

const node = (name: string, id: string, parentIds?: readonly string[]): ExpectedSpan => ({
  name: `task ${name}`,
  attributes: {
    'agentel.graph.node.id': id,
    'agentel.graph.node.name': name,
    'agentel.graph.node.parent_ids': parentIds,
  },
})

/** A graph of two nodes, the first of which asks the model. */
function deskOf({ m8 }: Sdk, client: Client) {
  const ask = async ({ messages }: { messages: never[] }) => ({ messages: [await client.model.invoke(messages)] })
  return new m8.StateGraph(m8.MessagesAnnotation)
    .addNode('ask', ask)
    .addNode('close', () => ({}))
    .addEdge('__start__', 'ask')
    .addEdge('ask', 'close')
}
const HELLO = { messages: [{ role: 'user', content: 'hello', id: 'm1' }] } as never

/** Graphs of LangGraph. */
export const graphScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a graph of two nodes',
    core: true,
    spans: [
      { ...CHAT, parent: 'task ask' },
      { ...node('ask', 'ask'), parent: 'invoke_workflow LangGraph' },
      { ...node('close', 'close', ['ask']), parent: 'invoke_workflow LangGraph' },
      { name: 'invoke_workflow LangGraph', attributes: { 'gen_ai.workflow.name': 'LangGraph' } },
    ],
    run: async ({ client, sdk, settle }) => {
      await settle('invoke', deskOf(sdk, client).compile().invoke(HELLO))
    },
  },
  {
    name: 'a graph with a name, a thread and a stream of updates',
    spans: [
      { ...CHAT, parent: 'task ask' },
      { ...node('ask', 'ask'), parent: 'invoke_workflow desk' },
      { ...node('close', 'close', ['ask']), parent: 'invoke_workflow desk' },
      {
        name: 'invoke_workflow desk',
        attributes: { 'gen_ai.workflow.name': 'desk', 'gen_ai.conversation.id': 'thread-7' },
      },
    ],
    run: async ({ client, sdk, see }) => {
      const graph = deskOf(sdk, client).compile({ name: 'desk', checkpointer: new sdk.m8.MemorySaver() })
      const config = { configurable: { thread_id: 'thread-7' }, streamMode: 'updates' as const }
      for await (const update of await graph.stream(HELLO, config)) see('update', Object.keys(update))
    },
  },
  {
    name: 'a graph whose tokens are streamed',
    spans: [
      { ...CHAT, parent: 'task ask', attributes: { ...CHAT.attributes, 'gen_ai.request.stream': true } },
      node('ask', 'ask'),
      node('close', 'close', ['ask']),
      { name: 'invoke_workflow LangGraph' },
    ],
    run: async ({ client, sdk, see }) => {
      const stream = await deskOf(sdk, client).compile().stream(HELLO, { streamMode: 'messages' })
      for await (const [message] of stream) see('message', message.content)
    },
  },
  {
    name: 'a graph whose stream is left early',
    spans: [
      CHAT,
      node('ask', 'ask'),
      { ...node('close', 'close', ['ask']), error: 'cancelled' },
      { name: 'invoke_workflow LangGraph' },
    ],
    // It lets the nodes come to their end.
    spansIn: { 0: [CHAT, node('ask', 'ask'), node('close', 'close', ['ask']), { name: 'invoke_workflow LangGraph' }] },
    run: async ({ client, sdk, see }) => {
      const graph = deskOf(sdk, client).compile()
      for await (const update of await graph.stream(HELLO, { streamMode: 'updates' })) {
        see('update', Object.keys(update))
        break
      }
    },
  },
  {
    name: 'a graph in a node of another',
    spans: [
      { ...CHAT, parent: 'task ask' },
      { ...node('ask', 'research/ask', ['research']), parent: 'invoke_workflow research' },
      { ...node('close', 'research/close', ['research/ask']), parent: 'invoke_workflow research' },
      { name: 'invoke_workflow research', parent: 'task research' },
      { ...node('research', 'research'), parent: 'invoke_workflow office' },
      { name: 'invoke_workflow office' },
    ],
    run: async ({ client, sdk, settle }) => {
      const office = new sdk.m8.StateGraph(sdk.m8.MessagesAnnotation)
        .addNode('research', deskOf(sdk, client).compile())
        .addEdge('__start__', 'research')
        .compile({ name: 'office' })
      await settle('invoke', office.invoke(HELLO))
    },
  },
  {
    name: 'a graph that waits for somebody, and goes on',
    core: true,
    spans: [
      node('approve', 'approve'),
      { name: 'invoke_workflow gate' },
      node('approve', 'approve'),
      { name: 'invoke_workflow gate' },
    ],
    run: async ({ sdk, settle }) => {
      const { Annotation, Command, interrupt, MemorySaver, StateGraph } = sdk.m8
      const graph = new StateGraph(Annotation.Root({ answer: Annotation<string> }))
        .addNode('approve', () => ({ answer: interrupt('may I?') as string }))
        .addEdge('__start__', 'approve')
        .compile({ name: 'gate', checkpointer: new MemorySaver() })
      const config = { configurable: { thread_id: 't1' } }
      const waiting = (await graph.invoke({ answer: '' }, config)) as object
      await settle('waiting', Promise.resolve(Object.keys(waiting)))
      await settle('done', graph.invoke(new Command({ resume: 'yes' }) as never, config))
    },
  },
  {
    name: 'a node that fails',
    spans: [
      { ...node('broken', 'broken'), error: 'RangeError' },
      { name: 'invoke_workflow LangGraph', error: 'RangeError' },
    ],
    run: async ({ sdk, see }) => {
      const { Annotation, StateGraph } = sdk.m8
      const fail = (): never => {
        throw new RangeError('too far')
      }
      const graph = new StateGraph(Annotation.Root({ answer: Annotation<string> }))
        .addNode('broken', fail)
        .addEdge('__start__', 'broken')
        .compile()
      // The SDK puts the id of its task on the error.
      await graph
        .invoke({ answer: '' })
        .catch((error: unknown) => see('error', [String(error), error instanceof RangeError]))
    },
  },
  {
    name: 'a loop of a model and its tool',
    shows: ['tools'],
    spans: [
      { ...CHAT, parent: 'task model' },
      node('model', 'model'),
      { ...WEATHER, parent: 'task act' },
      node('act', 'act', ['model']),
      { ...CHAT, parent: 'task model' },
      node('model', 'model', ['act']),
      { name: 'invoke_workflow LangGraph' },
    ],
    run: async ({ client, sdk, settle }) => {
      const { MessagesAnnotation, StateGraph } = sdk.m8
      const tool = weatherTool(sdk, ({ city }) => `sunny in ${city}`)
      const model = client.model.bindTools([tool])
      const last = (messages: unknown[]) => messages.at(-1) as { tool_calls?: never[] }
      const graph = new StateGraph(MessagesAnnotation)
        .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
        .addNode('act', async ({ messages }) => ({
          messages: await Promise.all(
            last(messages).tool_calls!.map((call: object) => tool.invoke({ ...call, type: 'tool_call' } as never)),
          ),
        }))
        .addEdge('__start__', 'model')
        .addConditionalEdges('model', ({ messages }) => (last(messages).tool_calls?.length ? 'act' : '__end__'))
        .addEdge('act', 'model')
        .compile()
      const state = { messages: [{ role: 'user', content: 'call weather', id: 'm1' }] } as never
      const { messages } = await graph.invoke(state)
      await settle('texts', Promise.resolve(messages.map(({ content }) => content)))
    },
  },
]
