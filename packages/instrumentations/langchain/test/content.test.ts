import { HumanMessage, SystemMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { FakeListChatModel, FakeLLM, FakeRetriever } from '@langchain/core/utils/testing'
import { MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useLangChain } from './langchain-harness.ts'

const langchain = useLangChain()

const DETAILS = 'gen_ai.client.inference.operation.details'
const parsed = (value: unknown): unknown => JSON.parse(String(value))
const fake = () => new FakeListChatModel({ responses: ['the answer'] })
const image = { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }
const ASKED = [new SystemMessage('be brief'), new HumanMessage({ content: [{ type: 'text', text: 'what?' }, image] })]
const weather = tool(({ city }) => `sunny in ${city}`, {
  name: 'weather',
  description: 'The weather.',
  schema: z.object({ city: z.string() }),
})

describe('content', () => {
  it('is nowhere by default', async () => {
    await fake().invoke('secret question')
    await weather.invoke({ city: 'secret city' })
    await new FakeRetriever().invoke('secret query')
    const recorded = langchain.telemetry.spans().map(({ name, attributes }) => [name, attributes])
    const told = langchain.telemetry.logs().map(({ attributes, body }) => [attributes, body])
    expect(recorded).toHaveLength(3)
    expect(JSON.stringify([recorded, told])).not.toMatch(/secret|the answer/)
  })

  it('is what was said to a model and by it, where only LangChain tells', async () => {
    langchain.capture('SPAN_ONLY')
    await fake().invoke(ASKED)
    const { attributes } = langchain.telemetry.span('chat')
    expect(parsed(attributes['gen_ai.input.messages'])).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'be brief' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'what?' },
          { type: 'uri', modality: 'image', uri: 'https://example.com/cat.png' },
        ],
      },
    ])
    expect(parsed(attributes['gen_ai.output.messages'])).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'the answer' }] },
    ])
  })

  it('of a model of texts is the text and what continues it', async () => {
    langchain.capture('SPAN_ONLY')
    await new FakeLLM({ response: 'continued' }).invoke('begun')
    const { attributes } = langchain.telemetry.span('text_completion')
    expect(parsed(attributes['gen_ai.input.messages'])).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'begun' }] },
    ])
    expect(parsed(attributes['gen_ai.output.messages'])).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'continued' }] },
    ])
  })

  it('over an instrumented client is told by the client, once', async () => {
    langchain.capture('SPAN_AND_EVENT')
    langchain.answer(() => ({
      toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }],
    }))
    await langchain.model().bindTools([weather]).invoke(ASKED)
    const { attributes } = langchain.telemetry.span('chat gpt-4o')
    expect(parsed(attributes['gen_ai.output.messages'])).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }],
      },
    ])
    expect(parsed(attributes['gen_ai.tool.definitions'])).toEqual([{ type: 'function', name: 'weather' }])
    const details = langchain.telemetry.logs().filter(({ eventName }) => eventName === DETAILS)
    expect(details).toHaveLength(1)
    expect(details[0]!.spanContext?.spanId).toBe(langchain.telemetry.span('chat gpt-4o').spanContext().spanId)
    expect(details[0]!.attributes['gen_ai.usage.input_tokens']).toBeGreaterThan(0)
  })

  it('goes into one event where nobody else tells', async () => {
    langchain.capture('EVENT_ONLY')
    await fake().invoke('what?')
    const details = langchain.telemetry.logs().filter(({ eventName }) => eventName === DETAILS)
    expect(details.map(({ attributes }) => attributes['gen_ai.output.messages'])).toEqual([
      [{ role: 'assistant', parts: [{ type: 'text', content: 'the answer' }] }],
    ])
    expect(langchain.telemetry.span('chat').attributes).not.toHaveProperty('gen_ai.output.messages')
  })

  it('of a tool are its arguments and its result, of a retriever the query', async () => {
    langchain.capture('SPAN_ONLY')
    await weather.invoke({ type: 'tool_call', id: 'call_1', name: 'weather', args: { city: 'Paris' } })
    const { attributes } = langchain.telemetry.span('execute_tool weather')
    expect(parsed(attributes['gen_ai.tool.call.arguments'])).toEqual({ city: 'Paris' })
    expect(parsed(attributes['gen_ai.tool.call.result'])).toBe('sunny in Paris')
    await new FakeRetriever().invoke('what?')
    const retrieval = langchain.telemetry.span('retrieval').attributes
    expect(retrieval['gen_ai.retrieval.query.text']).toBe('what?')
    expect(parsed(retrieval['gen_ai.retrieval.documents'])).toHaveLength(2)
  })

  it('of a graph are the messages that its state is given, and the last of those it gives', async () => {
    langchain.capture('SPAN_ONLY')
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('ask', async ({ messages }) => ({ messages: [await fake().invoke(messages)] }))
      .addEdge('__start__', 'ask')
      .compile({ name: 'desk' })
    await graph.invoke({ messages: [{ role: 'user', content: 'what?' }] })
    const { attributes } = langchain.telemetry.span('invoke_workflow desk')
    expect(parsed(attributes['gen_ai.input.messages'])).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'what?' }] },
    ])
    expect(parsed(attributes['gen_ai.output.messages'])).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'the answer' }] },
    ])
  })
})
