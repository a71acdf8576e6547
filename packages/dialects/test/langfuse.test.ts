import { expect, it } from 'vitest'
import { read } from '../src/index.ts'

it('reads a generation of Langfuse whose details were taken out of the sums', () => {
  const reading = read({
    name: 'OpenAI-generation',
    scope: 'langfuse-sdk',
    attributes: {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.level': 'DEFAULT',
      'langfuse.observation.model.name': 'gpt-4o',
      'langfuse.observation.model.parameters': '{"temperature":0.2,"max_tokens":100}',
      'langfuse.observation.input':
        '{"messages":[{"role":"user","content":"Hello"}],"tools":[{"type":"function","function":{"name":"find"}}]}',
      'langfuse.observation.output': '{"role":"assistant","content":"Hi"}',
      'langfuse.observation.usage_details':
        '{"input":60,"output":15,"total":120,"input_cached_tokens":40,"output_reasoning_tokens":5}',
      'langfuse.observation.cost_details': '{"total":0.0021}',
      'langfuse.observation.prompt.name': 'greet',
      'langfuse.observation.prompt.version': 3,
      'langfuse.observation.metadata.step': 'first',
      'langfuse.trace.name': 'greeting',
      'langfuse.trace.tags': ['beta'],
      'user.id': 'u1',
      'session.id': 's1',
    },
  })
  expect(reading).toEqual({
    dialect: 'langfuse',
    operation: 'chat',
    unknown: ['langfuse.observation.level'],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.request.max_tokens': 100,
      'gen_ai.prompt.name': 'greet',
      'gen_ai.prompt.version': '3',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi' }] }],
      'gen_ai.tool.definitions': [{ type: 'function', name: 'find' }],
      'agentel.cost.amount': 0.0021,
      'agentel.cost.source': 'local',
      'agentel.trace.name': 'greeting',
      'agentel.tags': ['beta'],
      'agentel.metadata.step': 'first',
      'user.id': 'u1',
      'session.id': 's1',
    },
  })
})

it('believes sums that already add up to the total', () => {
  const { attributes } = read({
    name: 'g',
    attributes: {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.usage_details': '{"input":100,"output":20,"total":120,"input_cached_tokens":40}',
    },
  })
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 20,
    'gen_ai.usage.cache_read.input_tokens': 40,
  })
})

it('reads agents, tools, retrievers and plain spans of Langfuse', () => {
  const of = (type: string, name: string, more: object = {}): Record<string, unknown> =>
    read({ name, attributes: { 'langfuse.observation.type': type, ...more } }).attributes
  expect(of('agent', 'researcher')).toEqual({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'researcher',
  })
  expect(of('tool', 'search', { 'langfuse.observation.input': '{"q":"cats"}' })).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'search',
    'gen_ai.tool.call.arguments': { q: 'cats' },
  })
  expect(of('retriever', 'kb', { 'langfuse.observation.input': 'cats' })).toEqual({
    'gen_ai.operation.name': 'retrieval',
    'gen_ai.retrieval.query.text': 'cats',
  })
  expect(of('span', 'step')).toEqual({ 'agentel.span.type': 'span' })
})

it('knows the embeddings of their OpenAI wrapper by the name of the span', () => {
  const { attributes } = read({
    name: 'OpenAI.embeddings',
    scope: 'langfuse-sdk',
    attributes: {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.input': 'a',
      'langfuse.observation.model.name': 'text-embedding-3-small',
      'langfuse.observation.output': '',
    },
  })
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'text-embedding-3-small',
  })
})
