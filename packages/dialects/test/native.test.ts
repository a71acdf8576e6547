import { expect, it } from 'vitest'
import { read } from '../src/index.ts'

const anthropicSpan = {
  name: 'anthropic.messages.create',
  scope: 'com.anthropic.sdk.typescript',
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-sonnet-4-5',
    'gen_ai.request.max_tokens': 100,
    'gen_ai.request.stream': true,
    'gen_ai.response.id': 'msg_1',
    'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
    'gen_ai.response.time_to_first_chunk': 0.3,
    'gen_ai.usage.input_tokens': 105,
    'gen_ai.usage.cache_read.input_tokens': 100,
    'gen_ai.usage.cache_write.input_tokens': 0,
    'gen_ai.usage.output_tokens': 9,
    'anthropic.message.stop_reason': 'tool_use',
    'anthropic.request.id': 'req_1',
    'server.address': 'api.anthropic.com',
    'http.response.status_code': 200,
  },
}

it('gives the spans of the Anthropic SDK their finish reason, and leaves their whole counts alone', () => {
  expect(read(anthropicSpan)).toEqual({
    dialect: 'anthropic',
    operation: 'chat',
    unknown: ['anthropic.request.id'],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-4-5',
      'gen_ai.request.max_tokens': 100,
      'gen_ai.request.stream': true,
      'gen_ai.response.id': 'msg_1',
      'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
      'gen_ai.response.time_to_first_chunk': 0.3,
      'gen_ai.response.finish_reasons': ['tool_call'],
      'gen_ai.usage.input_tokens': 105,
      'gen_ai.usage.cache_read.input_tokens': 100,
      'gen_ai.usage.cache_write.input_tokens': 0,
      'gen_ai.usage.output_tokens': 9,
      'server.address': 'api.anthropic.com',
      'http.response.status_code': 200,
    },
  })
})

it('adds what Anthropic used to compact the conversation', () => {
  const { attributes } = read({
    ...anthropicSpan,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'anthropic.usage.compaction.input_tokens': 1000,
      'anthropic.usage.compaction.output_tokens': 50,
    },
  })
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.conversation.compacted': true,
    'gen_ai.usage.input_tokens': 1010,
    'gen_ai.usage.output_tokens': 55,
  })
})

it('reads a model call of the Agent Development Kit, thoughts counted as output', () => {
  const reading = read({
    name: 'call_llm',
    scope: 'gcp.vertex.agent',
    attributes: {
      'gen_ai.system': 'gcp.vertex.agent',
      'gen_ai.request.model': 'gemini-2.5-flash',
      'gen_ai.usage.input_tokens': 50,
      'gen_ai.usage.output_tokens': 10,
      'gen_ai.response.finish_reasons': ['stop'],
      'gcp.vertex.agent.invocation_id': 'e-1',
      'gcp.vertex.agent.session_id': 'session-1',
      'gcp.vertex.agent.event_id': 'ev-1',
      'gcp.vertex.agent.llm_request':
        '{"model":"gemini-2.5-flash","contents":[{"role":"user","parts":[{"text":"Roll a die"}]},{"role":"model","parts":[{"functionCall":{"id":"f1","name":"roll","args":{"sides":6}}}]},{"role":"user","parts":[{"functionResponse":{"id":"f1","name":"roll","response":{"result":4}}}]}]}',
      'gcp.vertex.agent.llm_response':
        '{"content":{"role":"model","parts":[{"text":"Hmm","thought":true},{"text":"A four."}]},"usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":10,"thoughtsTokenCount":7,"cachedContentTokenCount":20}}',
    },
  })
  expect(reading).toEqual({
    dialect: 'google_adk',
    operation: 'chat',
    unknown: ['gcp.vertex.agent.invocation_id', 'gcp.vertex.agent.event_id'],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gcp.gen_ai',
      'gen_ai.request.model': 'gemini-2.5-flash',
      'gen_ai.conversation.id': 'session-1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 50,
      'gen_ai.usage.output_tokens': 17,
      'gen_ai.usage.cache_read.input_tokens': 20,
      'gen_ai.usage.reasoning.output_tokens': 7,
      'gen_ai.input.messages': [
        { role: 'user', parts: [{ type: 'text', content: 'Roll a die' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'f1', name: 'roll', arguments: { sides: 6 } }] },
        { role: 'user', parts: [{ type: 'tool_call_response', id: 'f1', response: { result: 4 } }] },
      ],
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Hmm' },
            { type: 'text', content: 'A four.' },
          ],
        },
      ],
    },
  })
})

it('reads a tool of the Agent Development Kit, and drops its placeholders', () => {
  const reading = read({
    name: 'execute_tool roll',
    scope: 'gcp.vertex.agent',
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'roll',
      'gen_ai.tool.description': 'Rolls a die',
      'gen_ai.tool.type': 'FunctionTool',
      'gen_ai.tool.call.id': '<not specified>',
      'gcp.vertex.agent.llm_request': '{}',
      'gcp.vertex.agent.llm_response': '{}',
      'gcp.vertex.agent.tool_call_args': '{"sides":6}',
      'gcp.vertex.agent.tool_response': '{}',
    },
  })
  expect(reading.attributes).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'roll',
    'gen_ai.tool.description': 'Rolls a die',
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.arguments': { sides: 6 },
  })
})

it('reads spans of the Mistral SDK, whose instructions are a text', () => {
  const reading = read({
    name: 'chat mistral-large-latest',
    scope: 'mistralai_sdk_tracer',
    attributes: {
      'agent.trace.public': '',
      'http.request.method': 'POST',
      'url.full': 'https://api.mistral.ai/v1/chat/completions',
      'server.address': 'api.mistral.ai:443',
      'server.port': 443,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mistral_ai',
      'gen_ai.request.model': 'mistral-large-latest',
      'gen_ai.system_instructions': 'Be brief.',
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
      'gen_ai.output.messages':
        '[{"role":"assistant","parts":[{"type":"tool_call","name":"find","id":"c1","arguments":"{\\"q\\":1}"}],"finish_reason":"tool_calls"}]',
      'gen_ai.response.finish_reasons': ['model_length'],
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 3,
      'mistral_ai.error.code': '0',
    },
  })
  expect(reading).toEqual({
    dialect: 'mistral',
    operation: 'chat',
    unknown: ['mistral_ai.error.code'],
    attributes: {
      'http.request.method': 'POST',
      'url.full': 'https://api.mistral.ai/v1/chat/completions',
      'server.address': 'api.mistral.ai',
      'server.port': 443,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mistral_ai',
      'gen_ai.request.model': 'mistral-large-latest',
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }],
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', name: 'find', id: 'c1', arguments: { q: 1 } }],
          finish_reason: 'tool_calls',
        },
      ],
      'gen_ai.response.finish_reasons': ['length'],
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 3,
    },
  })
})

it('gives the same when it reads what it gave, for SDKs that only their scope tells', () => {
  const once = read(anthropicSpan)
  const twice = read({ ...anthropicSpan, attributes: once.attributes })
  expect(twice.attributes).toEqual(once.attributes)
})
