import { describe, expect, it } from 'vitest'
import { read, readDialect } from '../src/index.ts'

describe('spans in our own names', () => {
  it('come back as the very same object', () => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
      'agentel.cost.amount': 0.1,
    }
    const reading = read({ name: 'chat gpt-4o', attributes })
    expect(reading).toEqual({ dialect: 'latest', attributes, operation: 'chat', unknown: [] })
    expect(reading.attributes).toBe(attributes)
  })

  it('are told from spans that have no generative AI in them', () => {
    const attributes = { 'http.request.method': 'GET', 'server.address': 'example.com', 'ai.nothing': 1 }
    expect(readDialect(attributes)).toEqual({ dialect: 'other', attributes, unknown: [] })
    expect(readDialect({ 'mcp.method.name': 'tools/list' }).dialect).toBe('latest')
  })
})

describe('GenAI conventions up to 1.36', () => {
  it('have a system, token counts of the first names and messages in span events', () => {
    const reading = read({
      name: 'chat gpt-4o-mini',
      scope: '@opentelemetry/instrumentation-openai',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.request.top_k': 40.0,
        'gen_ai.response.id': 'chatcmpl-1',
        'gen_ai.response.finish_reasons': ['tool_calls'],
        'gen_ai.usage.prompt_tokens': 25,
        'gen_ai.usage.completion_tokens': 7,
        'server.address': 'api.openai.com',
      },
      events: [
        { name: 'gen_ai.system.message', attributes: { 'gen_ai.system': 'openai', content: 'Be brief.' } },
        { name: 'gen_ai.user.message', attributes: { content: 'Weather in Paris?' } },
        {
          name: 'gen_ai.assistant.message',
          attributes: {
            tool_calls:
              '[{"id":"call_1","type":"function","function":{"name":"geo","arguments":"{\\"q\\":\\"Paris\\"}"}}]',
          },
        },
        { name: 'gen_ai.tool.message', attributes: { id: 'call_1', content: '{"lat":48.8}' } },
        {
          name: 'gen_ai.choice',
          attributes: {
            index: 0,
            finish_reason: 'tool_calls',
            message:
              '{"role":"assistant","tool_calls":[{"id":"call_2","function":{"name":"weather","arguments":"{\\"lat\\":48.8}"}}]}',
          },
        },
      ],
    })
    expect(reading).toEqual({
      dialect: 'gen_ai_1_36',
      operation: 'chat',
      unknown: [],
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.request.top_k': 40,
        'gen_ai.response.id': 'chatcmpl-1',
        'gen_ai.response.finish_reasons': ['tool_call'],
        'gen_ai.usage.input_tokens': 25,
        'gen_ai.usage.output_tokens': 7,
        'server.address': 'api.openai.com',
        'gen_ai.input.messages': [
          { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', content: 'Weather in Paris?' }] },
          { role: 'assistant', parts: [{ type: 'tool_call', id: 'call_1', name: 'geo', arguments: { q: 'Paris' } }] },
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: { lat: 48.8 } }] },
        ],
        'gen_ai.output.messages': [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'call_2', name: 'weather', arguments: { lat: 48.8 } }],
            finish_reason: 'tool_calls',
          },
        ],
      },
    })
  })

  it('held prompt and completion in two attributes before that', () => {
    const { attributes } = readDialect({
      'gen_ai.system': 'vertex_ai',
      'gen_ai.prompt': '[{"role":"user","content":"Hello"}]',
      'gen_ai.completion': '[{"role":"model","content":"Hi"}]',
    })
    expect(attributes).toEqual({
      'gen_ai.provider.name': 'gcp.vertex_ai',
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi' }] }],
    })
  })

  it('are told by their message events alone', () => {
    const reading = read({
      name: 'chat',
      attributes: { 'gen_ai.operation.name': 'chat' },
      events: [{ name: 'gen_ai.user.message', attributes: { body: { content: 'Hello' } } }],
    })
    expect(reading.dialect).toBe('gen_ai_1_36')
    expect(reading.attributes['gen_ai.input.messages']).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello' }] },
    ])
  })

  it('lose to newer names on the same span', () => {
    const { attributes } = readDialect({ 'gen_ai.system': 'openai', 'gen_ai.provider.name': 'azure.ai.openai' })
    expect(attributes).toEqual({ 'gen_ai.provider.name': 'azure.ai.openai' })
  })
})

describe('GenAI conventions 1.37 to 1.41', () => {
  it('called the tokens written to cache otherwise, and had content as JSON texts', () => {
    expect(
      readDialect({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.usage.input_tokens': 120,
        'gen_ai.usage.cache_read.input_tokens': 50,
        'gen_ai.usage.cache_creation.input_tokens': 30,
        'gen_ai.system_instructions': '[{"type":"text","content":"Be brief."}]',
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]',
      }),
    ).toEqual({
      dialect: 'gen_ai_1_41',
      operation: 'chat',
      unknown: [],
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.usage.input_tokens': 120,
        'gen_ai.usage.cache_read.input_tokens': 50,
        'gen_ai.usage.cache_write.input_tokens': 30,
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
        'gen_ai.output.messages': [
          { role: 'assistant', parts: [{ type: 'text', content: 'Hi' }], finish_reason: 'stop' },
        ],
      },
    })
  })

  it('gave retrieval the top_k of the model', () => {
    const { attributes } = readDialect({ 'gen_ai.operation.name': 'retrieval', 'gen_ai.request.top_k': 5 })
    expect(attributes).toEqual({ 'gen_ai.operation.name': 'retrieval', 'gen_ai.retrieval.top_k': 5 })
  })
})
