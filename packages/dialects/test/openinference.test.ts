import { expect, it } from 'vitest'
import { read } from '../src/index.ts'

it('reads a chat of OpenInference: flattened messages, parameters, tools and token details', () => {
  const reading = read({
    name: 'OpenAI Chat Completions',
    scope: '@arizeai/openinference-instrumentation-openai',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.system': 'openai',
      'llm.provider': 'openai',
      'llm.model_name': 'gpt-4o-2024-08-06',
      'llm.invocation_parameters': '{"model":"gpt-4o","temperature":0.2,"max_tokens":200,"stream":true}',
      'llm.input_messages.0.message.role': 'system',
      'llm.input_messages.0.message.content': 'Be brief.',
      'llm.input_messages.1.message.role': 'user',
      'llm.input_messages.1.message.contents.0.message_content.type': 'text',
      'llm.input_messages.1.message.contents.0.message_content.text': 'What is this?',
      'llm.input_messages.1.message.contents.1.message_content.type': 'image',
      'llm.input_messages.1.message.contents.1.message_content.image.image.url': 'https://example.com/cat.png',
      'llm.input_messages.2.message.role': 'tool',
      'llm.input_messages.2.message.tool_call_id': 'call_0',
      'llm.input_messages.2.message.content': '{"ok":true}',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.content': 'A cat.',
      'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'call_1',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'save',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"what":"cat"}',
      'llm.tools.0.tool.json_schema':
        '{"type":"function","function":{"name":"save","description":"Saves","parameters":{"type":"object"}}}',
      'llm.token_count.prompt': 100,
      'llm.token_count.completion': 20,
      'llm.token_count.total': 120,
      'llm.token_count.prompt_details.cache_read': 40,
      'llm.token_count.completion_details.reasoning': 5,
      'llm.token_count.completion_details.audio': 2,
      'input.value': '{"messages":[]}',
      'input.mime_type': 'application/json',
      'output.value': '{"choices":[]}',
      'output.mime_type': 'application/json',
      'session.id': 's1',
      'user.id': 'u1',
      'tag.tags': ['a', 'b'],
      'llm.cost.total': 0.01,
    },
  })
  expect(reading).toEqual({
    dialect: 'openinference',
    operation: 'chat',
    unknown: ['llm.cost.total'],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.request.max_tokens': 200,
      'gen_ai.request.stream': true,
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'gen_ai.usage.audio.output_tokens': 2,
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'What is this?' },
            { type: 'uri', modality: 'image', uri: 'https://example.com/cat.png' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_0', response: { ok: true } }] },
      ],
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'A cat.' },
            { type: 'tool_call', id: 'call_1', name: 'save', arguments: { what: 'cat' } },
          ],
        },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'save', description: 'Saves', parameters: { type: 'object' } },
      ],
      'agentel.tags': ['a', 'b'],
      'session.id': 's1',
      'user.id': 'u1',
    },
  })
})

it('adds what was cached to the input that their Anthropic instrumentation counts without it', () => {
  const { attributes } = read({
    name: 'Anthropic Messages',
    scope: '@arizeai/openinference-instrumentation-anthropic',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.provider': 'anthropic',
      'llm.model_name': 'claude-sonnet-4-5',
      'llm.token_count.prompt': 100,
      'llm.token_count.completion': 9,
      'llm.token_count.prompt_details.cache_read': 40,
      'llm.token_count.prompt_details.cache_write': 10,
      'llm.finish_reason': 'end_turn',
    },
  })
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-sonnet-4-5',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 150,
    'gen_ai.usage.output_tokens': 9,
    'gen_ai.usage.cache_read.input_tokens': 40,
    'gen_ai.usage.cache_write.input_tokens': 10,
  })
})

it('reads tools, retrievers, agents and chains of OpenInference', () => {
  const tool = read({
    name: 'search',
    attributes: {
      'openinference.span.kind': 'TOOL',
      'tool.name': 'search',
      'tool.description': 'Searches',
      'tool.parameters': '{}',
      'input.value': '{"q":"cats"}',
      'output.value': 'three hits',
    },
  })
  expect(tool).toEqual({
    dialect: 'openinference',
    operation: 'execute_tool',
    unknown: ['tool.parameters'],
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.description': 'Searches',
      'gen_ai.tool.call.arguments': { q: 'cats' },
      'gen_ai.tool.call.result': 'three hits',
    },
  })
  const retriever = read({
    name: 'VectorStoreRetriever',
    attributes: {
      'openinference.span.kind': 'RETRIEVER',
      'input.value': 'cats',
      'retrieval.documents.0.document.id': 'd1',
      'retrieval.documents.0.document.score': 0.9,
      'retrieval.documents.0.document.content': 'Cats purr.',
    },
  })
  expect(retriever.attributes).toEqual({
    'gen_ai.operation.name': 'retrieval',
    'gen_ai.retrieval.query.text': 'cats',
    'gen_ai.retrieval.documents': [{ id: 'd1', score: 0.9, content: 'Cats purr.' }],
  })
  const agent = read({ name: 'researcher', attributes: { 'openinference.span.kind': 'AGENT', 'graph.node.id': 'n1' } })
  expect(agent.attributes).toEqual({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'researcher',
    'agentel.graph.node.id': 'n1',
  })
  const chain = read({
    name: 'RunnableSequence',
    attributes: { 'openinference.span.kind': 'CHAIN', 'input.value': 'hi' },
  })
  expect(chain).toEqual({
    dialect: 'openinference',
    unknown: [],
    attributes: {
      'agentel.span.type': 'chain',
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
    },
  })
})

it('counts the dimensions of an embedding of OpenInference', () => {
  const { attributes } = read({
    name: 'OpenAI Embeddings',
    attributes: {
      'openinference.span.kind': 'EMBEDDING',
      'embedding.model_name': 'text-embedding-3-small',
      'embedding.embeddings.0.embedding.text': 'a',
      'embedding.embeddings.0.embedding.vector': [0.1, 0.2, 0.3],
      'input.value': 'a',
    },
  })
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.request.model': 'text-embedding-3-small',
    'gen_ai.embeddings.dimension.count': 3,
  })
})
