import { expect, it } from 'vitest'
import { read } from '../src/index.ts'

const request = {
  name: 'ai.streamText.doStream',
  scope: 'ai',
  attributes: {
    'ai.operationId': 'ai.streamText.doStream',
    'operation.name': 'ai.streamText.doStream support',
    'resource.name': 'support',
    'ai.telemetry.functionId': 'support',
    'ai.telemetry.metadata.userId': 'u1',
    'ai.telemetry.metadata.plan': 'pro',
    'ai.model.id': 'gpt-4o',
    'ai.model.provider': 'openai.chat',
    'ai.settings.maxRetries': 2,
    'ai.settings.temperature': 0.3,
    'ai.prompt.messages':
      '[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Order 7?"}]},{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c0","toolName":"find","input":{"id":7}}]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"c0","toolName":"find","output":{"type":"json","value":{"status":"sent"}}}]}]',
    'ai.prompt.tools': ['{"type":"function","name":"find","description":"Finds","inputSchema":{"type":"object"}}'],
    'ai.prompt.toolChoice': '{"type":"auto"}',
    'ai.response.finishReason': 'tool-calls',
    'ai.response.text': 'One moment.',
    'ai.response.toolCalls': '[{"type":"tool-call","toolCallId":"c1","toolName":"track","input":"{\\"id\\":7}"}]',
    'ai.response.id': 'resp-1',
    'ai.response.model': 'gpt-4o-2024-08-06',
    'ai.response.msToFirstChunk': 250,
    'ai.usage.inputTokens': 80,
    'ai.usage.outputTokens': 15,
    'ai.usage.totalTokens': 95,
    'ai.usage.reasoningTokens': 4,
    'ai.usage.cachedInputTokens': 30,
    'gen_ai.system': 'openai.chat',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.temperature': 0.3,
    'gen_ai.response.finish_reasons': ['tool-calls'],
    'gen_ai.usage.input_tokens': 80,
    'gen_ai.usage.output_tokens': 15,
  },
}

it('reads one request of the AI SDK with its settings, messages, tools and usage', () => {
  expect(read(request)).toEqual({
    dialect: 'vercel_ai',
    operation: 'chat',
    unknown: ['ai.telemetry.functionId', 'ai.settings.maxRetries', 'ai.prompt.toolChoice'],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.stream': true,
      'gen_ai.request.temperature': 0.3,
      'gen_ai.response.id': 'resp-1',
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.response.finish_reasons': ['tool_call'],
      'gen_ai.response.time_to_first_chunk': 0.25,
      'gen_ai.usage.input_tokens': 80,
      'gen_ai.usage.output_tokens': 15,
      'gen_ai.usage.cache_read.input_tokens': 30,
      'gen_ai.usage.reasoning.output_tokens': 4,
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', content: 'Order 7?' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c0', name: 'find', arguments: { id: 7 } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c0', response: { status: 'sent' } }] },
      ],
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'One moment.' },
            { type: 'tool_call', id: 'c1', name: 'track', arguments: { id: 7 } },
          ],
        },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'find', description: 'Finds', parameters: { type: 'object' } },
      ],
      'user.id': 'u1',
      'agentel.metadata.plan': 'pro',
    },
  })
})

it('reads a whole call as an agent run, so that its sum of tokens is not counted again', () => {
  const reading = read({
    name: 'ai.generateText',
    attributes: {
      'ai.operationId': 'ai.generateText',
      'operation.name': 'ai.generateText support',
      'resource.name': 'support',
      'ai.telemetry.functionId': 'support',
      'ai.model.id': 'gpt-4o',
      'ai.model.provider': 'openai.responses',
      'ai.prompt': '{"system":"Be brief.","prompt":"Order 7?"}',
      'ai.response.text': 'Sent.',
      'ai.response.finishReason': 'stop',
      'ai.usage.promptTokens': 180,
      'ai.usage.completionTokens': 25,
    },
  })
  expect(reading).toEqual({
    dialect: 'vercel_ai',
    operation: 'invoke_agent',
    unknown: ['ai.telemetry.functionId'],
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'support',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 180,
      'gen_ai.usage.output_tokens': 25,
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', content: 'Order 7?' }] },
      ],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'Sent.' }] }],
    },
  })
})

it('takes Anthropic counts from the metadata, where they are whole', () => {
  const { attributes } = read({
    name: 'ai.generateText.doGenerate',
    attributes: {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.model.id': 'claude-sonnet-4-5',
      'ai.model.provider': 'anthropic.messages',
      'ai.response.providerMetadata':
        '{"anthropic":{"usage":{"input_tokens":5,"cache_read_input_tokens":4,"cache_creation_input_tokens":100,"output_tokens":9}}}',
      'ai.usage.inputTokens': 5,
      'ai.usage.outputTokens': 9,
    },
  })
  expect(attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-sonnet-4-5',
    'gen_ai.usage.input_tokens': 109,
    'gen_ai.usage.output_tokens': 9,
    'gen_ai.usage.cache_read.input_tokens': 4,
    'gen_ai.usage.cache_write.input_tokens': 100,
  })
})

it('reads tool calls and embeddings, and counts an embedding once', () => {
  const tool = read({
    name: 'ai.toolCall',
    attributes: {
      'ai.operationId': 'ai.toolCall',
      'operation.name': 'ai.toolCall',
      'ai.toolCall.name': 'track',
      'ai.toolCall.id': 'c1',
      'ai.toolCall.args': '{"id":7}',
      'ai.toolCall.result': '"sent"',
    },
  })
  expect(tool.attributes).toEqual({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'track',
    'gen_ai.tool.call.id': 'c1',
    'gen_ai.tool.call.arguments': { id: 7 },
    'gen_ai.tool.call.result': 'sent',
  })
  const embedding = {
    'ai.model.id': 'text-embedding-3-small',
    'ai.model.provider': 'openai.embedding',
    'ai.usage.tokens': 10,
  }
  const inner = read({ name: 'ai.embed.doEmbed', attributes: { 'ai.operationId': 'ai.embed.doEmbed', ...embedding } })
  expect(inner.attributes).toEqual({
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'text-embedding-3-small',
    'gen_ai.usage.input_tokens': 10,
  })
  const outer = read({ name: 'ai.embed', attributes: { 'ai.operationId': 'ai.embed', ...embedding } })
  expect(outer.attributes).toEqual({
    'agentel.span.type': 'ai.embed',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'text-embedding-3-small',
  })
})
