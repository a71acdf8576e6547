import { tool } from '@langchain/core/tools'
import { MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import { createAgent } from 'langchain'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { useLangChain } from './langchain-harness.ts'

const langchain = useLangChain()

const weather = tool(({ city }) => `sunny in ${city}`, {
  name: 'weather',
  description: 'The weather.',
  schema: z.object({ city: z.string() }),
})

/** The tool is asked for once, then its answer is said. */
function useTool(): void {
  langchain.answer(({ messages }) =>
    messages.some(({ role }) => role === 'tool')
      ? { text: 'it is sunny', usage: { inputTokens: 30, outputTokens: 5 } }
      : {
          usage: { inputTokens: 20, outputTokens: 10 },
          toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }],
        },
  )
}

const HELLO = { messages: [{ role: 'user', content: 'the weather in Paris?' }] }

it('an agent is invoke_agent with the tokens of its calls, its tools and calls inside', async () => {
  useTool()
  const agent = createAgent({ model: langchain.model(), tools: [weather], name: 'forecaster' })
  await agent.invoke(HELLO)
  const spans = langchain.telemetry.spans()
  const nameOf = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  expect(spans.map((span) => [span.name, nameOf.get(span.parentSpanContext?.spanId ?? '')])).toEqual([
    ['chat gpt-4o', 'task model_request'],
    ['task model_request', 'invoke_agent forecaster'],
    ['execute_tool weather', 'task tools'],
    ['task tools', 'invoke_agent forecaster'],
    ['chat gpt-4o', 'task model_request'],
    ['task model_request', 'invoke_agent forecaster'],
    ['invoke_agent forecaster', undefined],
  ])
  expect(langchain.telemetry.span('invoke_agent forecaster').attributes).toEqual({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'forecaster',
    'gen_ai.usage.input_tokens': 50,
    'gen_ai.usage.output_tokens': 15,
    'gen_ai.response.finish_reasons': ['stop'],
  })
  expect(langchain.telemetry.span('execute_tool weather').attributes).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'weather',
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.description': 'The weather.',
    'gen_ai.tool.call.id': 'call_1',
    'gen_ai.agent.name': 'forecaster',
  })
})

it('an agent without a name, in a tool of another agent', async () => {
  const inner = createAgent({ model: langchain.model(), tools: [] })
  const ask = async (): Promise<string> => (await inner.invoke(HELLO)).messages.at(-1)?.text ?? ''
  const schema = z.object({ city: z.string() })
  const expert = tool(ask, { name: 'weather', description: 'Asks.', schema })
  const outer = createAgent({ model: langchain.model(), tools: [expert], name: 'outer' })
  let asked = 0
  langchain.answer(() =>
    asked++ === 0
      ? { toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }] }
      : { text: 'sunny' },
  )
  await outer.invoke(HELLO)
  const agents = langchain.telemetry.spans().filter(({ name }) => name.startsWith('invoke_'))
  expect(agents.map(({ name, attributes }) => [name, attributes['agentel.caller.name']])).toEqual([
    ['invoke_agent createAgent', 'outer'],
    ['invoke_agent outer', undefined],
  ])
})

it('a graph in a tool of an agent is no agent', async () => {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('look', () => ({}))
    .addEdge('__start__', 'look')
    .compile({ name: 'lookup' })
  const look = async (): Promise<string> => String(await graph.invoke({ messages: [] }))
  const outer = createAgent({
    model: langchain.model(),
    tools: [tool(look, { name: 'weather', description: 'Looks.', schema: z.object({ city: z.string() }) })],
    name: 'outer',
  })
  useTool()
  await outer.invoke(HELLO)
  const invoked = langchain.telemetry
    .spans()
    .map(({ name }) => name)
    .filter((name) => name.startsWith('invoke_'))
  expect(invoked).toEqual(['invoke_workflow lookup', 'invoke_agent outer'])
})
