import { tool } from '@langchain/core/tools'
import {
  Annotation,
  Command,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { startModelServer } from '@agentel/testing/model-server'
import { z } from 'zod'

// Without a key, a local server plays the model: it asks for the forecast once, then answers.
const local = process.env['OPENAI_API_KEY']
  ? undefined
  : await startModelServer({
      scenario: ({ messages }) => {
        const result = messages.findLast(({ role }) => role === 'tool')
        return result
          ? { text: `Cancel the picnic: ${result.text}.` }
          : { toolCalls: [{ name: 'forecast', arguments: { city: 'Bergen' } }] }
      },
    })
const model = new ChatOpenAI({
  model: 'gpt-4o-mini',
  ...(local ? { apiKey: 'local', configuration: { baseURL: `${local.url}/v1` } } : undefined),
})

const forecast = tool(({ city }) => `rain in ${city} from nine to five`, {
  name: 'forecast',
  description: 'The weather in a city tomorrow.',
  schema: z.object({ city: z.string() }),
})

const State = Annotation.Root({ ...MessagesAnnotation.spec, sent: Annotation<boolean> })
const asksForTool = ({ messages }: typeof State.State): boolean =>
  ((messages.at(-1) as { tool_calls?: unknown[] } | undefined)?.tool_calls?.length ?? 0) > 0

/** A model that may call the forecast as often as it likes. */
const adviser = new StateGraph(State)
  .addNode('ask', async ({ messages }) => ({ messages: [await model.bindTools([forecast]).invoke(messages)] }))
  .addNode('look', new ToolNode([forecast]))
  .addEdge(START, 'ask')
  .addConditionalEdges('ask', (state) => (asksForTool(state) ? 'look' : END))
  .addEdge('look', 'ask')
  .compile({ name: 'adviser' })

const desk = new StateGraph(State)
  .addNode('advise', adviser)
  .addNode('send', ({ messages }) => ({ sent: interrupt(messages.at(-1)?.text) === 'yes' }))
  .addEdge(START, 'advise')
  .addEdge('advise', 'send')
  .compile({ name: 'picnic_desk', checkpointer: new MemorySaver() })

const thread = { configurable: { thread_id: 'picnic-17' } }
const question = { role: 'user', content: 'Shall we have the picnic in Bergen tomorrow?' }
const { messages } = await desk.invoke({ messages: [question] }, thread)
console.log(`May I send this? ${messages.at(-1)?.text}`)
const { sent } = await desk.invoke(new Command({ resume: 'yes' }), thread)
console.log(sent ? 'Sent.' : 'Not sent.')
await local?.close()
