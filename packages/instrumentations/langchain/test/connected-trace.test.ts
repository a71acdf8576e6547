import { tool } from '@langchain/core/tools'
import { Annotation, Command, interrupt, MemorySaver, MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { useLangChain } from './langchain-harness.ts'

const langchain = useLangChain()

const State = Annotation.Root({ ...MessagesAnnotation.spec, approved: Annotation<boolean> })
const search = tool(async ({ query }) => (await langchain.model().invoke(`summarize ${query}`)).text, {
  name: 'search',
  description: 'Searches, and has what it found summarized.',
  schema: z.object({ query: z.string() }),
})

/** Looks something up: the model asks for a tool that asks the model. */
const research = () =>
  new StateGraph(State)
    .addNode('plan', async ({ messages }) => ({
      messages: [await langchain.model().bindTools([search]).invoke(messages)],
    }))
    .addNode('look', async ({ messages }) => {
      const [call] = (messages.at(-1) as unknown as { tool_calls: [object] }).tool_calls
      return { messages: [await search.invoke({ ...call, type: 'tool_call' } as never)] }
    })
    .addEdge('__start__', 'plan')
    .addEdge('plan', 'look')
    .compile({ name: 'research' })

/** Writes, in two versions at once, and takes none before somebody has said yes. */
const writing = () => {
  const draft = async ({ messages }: typeof State.State) => ({ messages: [await langchain.model().invoke(messages)] })
  return new StateGraph(State)
    .addNode('short', draft)
    .addNode('long', async ({ messages }) => {
      let message: Awaited<ReturnType<ReturnType<typeof langchain.model>['invoke']>> | undefined
      for await (const chunk of await langchain.model().stream(messages)) message = message?.concat(chunk) ?? chunk
      return { messages: message === undefined ? [] : [message] }
    })
    .addNode('approve', () => ({ approved: interrupt('publish it?') === 'yes' }))
    .addEdge('__start__', 'short')
    .addEdge('__start__', 'long')
    .addEdge(['short', 'long'], 'approve')
    .compile({ name: 'writing' })
}

const desk = () =>
  new StateGraph(State)
    .addNode('research', research())
    .addNode('writing', writing())
    .addEdge('__start__', 'research')
    .addEdge('research', 'writing')
    .compile({ name: 'desk', checkpointer: new MemorySaver() })

it('a graph with two sub-graphs and an interrupt is one connected trace, equal to the server’s ledger', async () => {
  langchain.answer(({ messages }) =>
    messages.length === 1 && !messages[0]!.text.startsWith('summarize')
      ? { toolCalls: [{ id: 'call_1', name: 'search', arguments: { query: 'cats' } }] }
      : { text: 'cats sleep a lot' },
  )
  const graph = desk()
  const config = { configurable: { thread_id: 'thread-1' } }
  await trace.getTracer('application').startActiveSpan('request', async (span) => {
    const waiting = await graph.invoke({ messages: [{ role: 'user', content: 'cats?' }] }, config)
    expect(waiting).toHaveProperty('__interrupt__')
    expect(await graph.invoke(new Command({ resume: 'yes' }) as never, config)).toMatchObject({ approved: true })
    span.end()
  })
  const spans = langchain.telemetry.spans()
  const paths = new Map(spans.map((one) => [one.spanContext().spanId, one]))
  const pathOf = (id: string | undefined): string[] => {
    const one = paths.get(id ?? '')
    return one === undefined ? [] : [...pathOf(one.parentSpanContext?.spanId), one.name]
  }
  expect(spans.map((one) => pathOf(one.spanContext().spanId).join(' > ')).toSorted()).toEqual(
    PATHS.map((path) => ['request', ...path].join(' > ')).toSorted(),
  )
  expect(new Set(spans.map((one) => one.spanContext().traceId)).size).toBe(1)
  expect(
    spans.filter(({ attributes, status }) => status.code !== SpanStatusCode.UNSET || attributes['error.type']),
  ).toEqual([])
  expect(new Set(spans.slice(0, -1).map(({ attributes }) => attributes['gen_ai.conversation.id']))).toEqual(
    new Set(['thread-1']),
  )
  const calls = spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
  const sum = (key: string): number => calls.reduce((total, one) => total + Number(one.attributes[key]), 0)
  const billed = langchain.server.ledger.totals()
  expect([calls.length, sum('gen_ai.usage.input_tokens'), sum('gen_ai.usage.output_tokens')]).toEqual([
    billed.requests,
    billed.inputTokens,
    billed.outputTokens,
  ])
  expect(sum('agentel.cost.amount')).toBeCloseTo(billed.inputTokens * 2.5e-6 + billed.outputTokens * 1e-5, 10)
  const waited = langchain.telemetry.logs().filter(({ eventName }) => eventName === 'agentel.state.changed')
  expect(waited.map(({ attributes }) => attributes['agentel.state.trigger'])).toContain('interrupt')
})

const RESEARCH = ['invoke_workflow desk', 'task research', 'invoke_workflow research']
const WRITING = ['invoke_workflow desk', 'task writing', 'invoke_workflow writing']
const PATHS = [
  [],
  RESEARCH.slice(0, 1),
  RESEARCH.slice(0, 2),
  RESEARCH,
  [...RESEARCH, 'task plan'],
  [...RESEARCH, 'task plan', 'chat gpt-4o'],
  [...RESEARCH, 'task look'],
  [...RESEARCH, 'task look', 'execute_tool search'],
  [...RESEARCH, 'task look', 'execute_tool search', 'chat gpt-4o'],
  WRITING.slice(0, 2),
  WRITING,
  [...WRITING, 'task short'],
  [...WRITING, 'task short', 'chat gpt-4o'],
  [...WRITING, 'task long'],
  [...WRITING, 'task long', 'chat gpt-4o'],
  [...WRITING, 'task approve'],
  // Somebody has said yes: the same again, without what was done before.
  WRITING.slice(0, 1),
  WRITING.slice(0, 2),
  WRITING,
  [...WRITING, 'task approve'],
]
