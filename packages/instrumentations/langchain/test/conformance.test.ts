import { ChatPromptTemplate } from '@langchain/core/prompts'
import { tool } from '@langchain/core/tools'
import { FakeRetriever } from '@langchain/core/utils/testing'
import { interrupt, MemorySaver, MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import type { ChatOpenAI } from '@langchain/openai'
import { createAgent } from 'langchain'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { metricsEnricher } from '@agentel/processor-metrics'
import { checkConformance } from '@agentel/testing/conformance'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { startModelServer } from '@agentel/testing/model-server'
import { hookLangChain, modelAt } from './langchain-harness.ts'

const weather = tool(({ city }) => `sunny in ${city}`, {
  name: 'weather',
  description: 'The weather.',
  schema: z.object({ city: z.string() }),
})
const HELLO = { messages: [{ role: 'user', content: 'hello' }] }

/** Every kind of run once, one that is left early, one that waits and one that fails among them. */
async function makeRuns(model: ChatOpenAI): Promise<void> {
  await model.invoke('hello')
  for await (const _chunk of await model.stream('hello'));
  for await (const _chunk of await model.stream('hello')) break
  await model.invoke('fail').catch(() => undefined)
  await ChatPromptTemplate.fromTemplate('{word}').pipe(model).invoke({ word: 'hello' }, { runName: 'answer' })
  await new FakeRetriever().invoke('hello')
  await createAgent({ model, tools: [weather], name: 'forecaster' }).invoke({
    messages: [{ role: 'user', content: 'weather' }],
  })
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('ask', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode('approve', () => (interrupt('may I?') === 'yes' ? {} : {}))
    .addEdge('__start__', 'ask')
    .addEdge('ask', 'approve')
    .compile({ name: 'desk', checkpointer: new MemorySaver() })
  await graph.invoke(HELLO, { configurable: { thread_id: 't1' } })
}

const OPERATIONS = { chat: 8, retrieval: 1, invoke_workflow: 2, invoke_agent: 1, execute_tool: 1 }

describe.each(['latest', 'v1_41'] as const)('in profile %s', (profile) => {
  it('spans, metrics and events have no findings', async () => {
    const metrics = metricsEnricher({ profile })
    const hooked = hookLangChain({ more: [metrics], capture: 'SPAN_AND_EVENT' })
    const telemetry = createTestTelemetry({
      spanProcessors: [hooked.processor],
      metricProducers: [metrics.metricProducer()],
    })
    const server = await startModelServer({
      countTokens: (text) => text.length,
      scenario: ({ messages }) => {
        const said = messages.at(-1)
        if (said?.text === 'fail') return { fault: { kind: 'rate_limit' } }
        if (said?.text !== 'weather') return { text: 'one two three' }
        return { toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }] }
      },
    })
    await makeRuns(modelAt(server.url))
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs() }
    const complete = emitted.spans.filter(
      ({ attributes }) =>
        attributes['gen_ai.operation.name'] !== 'chat' || attributes['gen_ai.usage.output_tokens'] !== undefined,
    )
    expect(complete).toHaveLength(emitted.spans.length - 2)
    expect(checkConformance({ spans: complete })).toEqual([])
    expect(checkConformance({ ...emitted, operations: OPERATIONS }, { expected: false })).toEqual([])
    const collected = await telemetry.metrics()
    expect(collected.length).toBeGreaterThan(5)
    expect(checkConformance({ metrics: collected }, { profile })).toEqual([])
    hooked.unhook()
    await server.close()
    await telemetry.shutdown()
  })
})
