import { expect, it } from 'vitest'
import { read } from '../src/index.ts'

it('reads a chat of OpenLLMetry: numbered prompts and completions, functions, associations', () => {
  const reading = read({
    name: 'openai.chat',
    scope: '@traceloop/instrumentation-openai',
    attributes: {
      'llm.request.type': 'chat',
      'gen_ai.system': 'OpenAI',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'llm.is_streaming': true,
      'llm.presence_penalty': 0.1,
      'gen_ai.prompt.0.role': 'system',
      'gen_ai.prompt.0.content': 'Be brief.',
      'gen_ai.prompt.1.role': 'user',
      'gen_ai.prompt.1.content': 'Weather?',
      'gen_ai.prompt.2.role': 'tool',
      'gen_ai.prompt.2.tool_call_id': 'call_0',
      'gen_ai.prompt.2.content': 'sunny',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.finish_reason': 'tool_calls',
      'gen_ai.completion.0.tool_calls.0.id': 'call_1',
      'gen_ai.completion.0.tool_calls.0.name': 'weather',
      'gen_ai.completion.0.tool_calls.0.arguments': '{"city":"Paris"}',
      'llm.request.functions.0.name': 'weather',
      'llm.request.functions.0.description': 'Tells the weather',
      'llm.request.functions.0.parameters': '{"type":"object"}',
      'gen_ai.usage.prompt_tokens': 60,
      'gen_ai.usage.completion_tokens': 12,
      'gen_ai.usage.cache_read_input_tokens': 20,
      'llm.usage.total_tokens': 72,
      'traceloop.workflow.name': 'forecast',
      'traceloop.association.properties.user_id': 'u1',
      'traceloop.association.properties.plan': 'pro',
      'traceloop.entity.path': '',
    },
  })
  expect(reading).toEqual({
    dialect: 'openllmetry',
    operation: 'chat',
    unknown: ['traceloop.entity.path'],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.stream': true,
      'gen_ai.request.presence_penalty': 0.1,
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.response.finish_reasons': ['tool_call'],
      'gen_ai.usage.input_tokens': 60,
      'gen_ai.usage.output_tokens': 12,
      'gen_ai.usage.cache_read.input_tokens': 20,
      'gen_ai.workflow.name': 'forecast',
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_0', response: 'sunny' }] },
      ],
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }],
          finish_reason: 'tool_calls',
        },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'weather', description: 'Tells the weather', parameters: { type: 'object' } },
      ],
      'user.id': 'u1',
      'agentel.metadata.plan': 'pro',
    },
  })
})

it('reads decorated workflows, agents, tasks and tools', () => {
  const tool = read({
    name: 'search.tool',
    attributes: {
      'traceloop.span.kind': 'tool',
      'traceloop.entity.name': 'search',
      'traceloop.entity.input': '{"args":["cats"],"kwargs":{}}',
      'traceloop.entity.output': '"three hits"',
    },
  })
  expect(tool.attributes).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'search',
    'gen_ai.tool.call.arguments': { args: ['cats'], kwargs: {} },
    'gen_ai.tool.call.result': 'three hits',
  })
  const workflow = read({
    name: 'forecast.workflow',
    attributes: {
      'traceloop.span.kind': 'workflow',
      'traceloop.entity.name': 'forecast',
      'traceloop.workflow.name': 'forecast',
    },
  })
  expect(workflow.attributes).toEqual({
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': 'forecast',
  })
  const task = read({
    name: 'parse.task',
    attributes: { 'traceloop.span.kind': 'task', 'traceloop.entity.name': 'parse' },
  })
  expect(task).toEqual({
    dialect: 'openllmetry',
    unknown: [],
    attributes: { 'agentel.task.name': 'parse', 'agentel.span.type': 'task' },
  })
})

it('reads what OpenLLMetry writes since it took over the GenAI names', () => {
  const reading = read({
    name: 'chat gpt-4o',
    scope: '@traceloop/instrumentation-openai',
    attributes: {
      'gen_ai.provider.name': 'openai',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.input.messages':
        '[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"{\\"t\\":21}"}]}]',
      'gen_ai.tool.definitions':
        '[{"type":"function","function":{"name":"weather","description":"Tells","parameters":{"type":"object"}}}]',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.total_tokens': 70,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.input_tokens': 50,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.output.messages':
        '[{"role":"assistant","finish_reason":"stop","parts":[{"type":"text","content":"Sunny"}]}]',
    },
  })
  expect(reading).toEqual({
    dialect: 'openllmetry',
    operation: 'chat',
    unknown: [],
    attributes: {
      'gen_ai.provider.name': 'openai',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.input.messages': [
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { t: 21 } }] },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'weather', description: 'Tells', parameters: { type: 'object' } },
      ],
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.input_tokens': 50,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.output.messages': [
        { role: 'assistant', finish_reason: 'stop', parts: [{ type: 'text', content: 'Sunny' }] },
      ],
    },
  })
})
