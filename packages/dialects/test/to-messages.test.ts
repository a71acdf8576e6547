import { describe, expect, it } from 'vitest'
import { finishReason, providerName, toMessages } from '../src/index.ts'

const user = { role: 'user' }

describe('toMessages', () => {
  it('leaves messages of the schema as they are', () => {
    const messages = [
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'hi' },
          { type: 'uri', modality: 'image', uri: 'https://a/b' },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: '1', response: { a: 1 } }] },
      { role: 'assistant', parts: [{ type: 'compaction', id: 'x' }], finish_reason: 'stop' },
      { role: 'user', parts: [{ type: 'file', modality: 'document', file_id: 'f1' }] },
    ]
    expect(toMessages(messages, user)).toEqual(messages)
    expect(toMessages(JSON.stringify(messages), user)).toEqual(messages)
  })

  it('reads the blocks of Anthropic', () => {
    const messages = [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hmm' },
          { type: 'tool_use', id: 't1', name: 'find', input: { q: 1 } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: '{"hits":2}' }] },
      { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }] },
    ]
    expect(toMessages(messages, user)).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hmm' },
          { type: 'tool_call', id: 't1', name: 'find', arguments: { q: 1 } },
        ],
      },
      { role: 'user', parts: [{ type: 'tool_call_response', id: 't1', response: { hits: 2 } }] },
      { role: 'user', parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' }] },
    ])
  })

  it('reads a response of the chat API, choices and refusals too', () => {
    const response = {
      choices: [
        { message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' },
        { message: { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] } },
      ],
    }
    expect(toMessages(response, { role: 'assistant' })).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hi' }], finish_reason: 'stop' },
      { role: 'assistant', parts: [{ type: 'text', content: 'No.' }] },
    ])
  })

  it('makes a data address a blob', () => {
    const content = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]
    expect(toMessages([{ role: 'user', content }], user)).toEqual([
      { role: 'user', parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' }] },
    ])
  })

  it('reads what a model thought beside its answer', () => {
    const messages = [{ role: 'assistant', reasoning_content: 'Hmm', content: 'Hi' }]
    expect(toMessages(messages, user)).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hmm' },
          { type: 'text', content: 'Hi' },
        ],
      },
    ])
  })

  it('tells sound, pictures and films from documents by their type', () => {
    const content = [
      { type: 'input_audio', input_audio: { format: 'mp3', data: 'AAAA' } },
      { type: 'file', mediaType: 'image/png', data: 'BBBB' },
      { type: 'file', mediaType: 'video/mp4', data: 'https://a/b' },
      { type: 'file', mediaType: 'application/pdf', data: 'CCCC' },
    ]
    expect(toMessages([{ role: 'user', content }], user)?.[0]?.parts).toEqual([
      { type: 'blob', modality: 'audio', mime_type: 'audio/mp3', content: 'AAAA' },
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'BBBB' },
      { type: 'uri', modality: 'video', mime_type: 'video/mp4', uri: 'https://a/b' },
      { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: 'CCCC' },
    ])
  })

  it('takes a bare text for a message, also one that only looks like JSON', () => {
    expect(toMessages('hello', user)).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }])
    expect(toMessages('{"a":', user)).toEqual([{ role: 'user', parts: [{ type: 'text', content: '{"a":' }] }])
    expect(toMessages('42', user)).toEqual([{ role: 'user', parts: [{ type: 'text', content: '42' }] }])
  })

  it.each([[undefined], [null], [''], [[]], ['[]'], [[null, 3]]])('finds nothing in %j', (value) => {
    expect(toMessages(value, user)).toBeUndefined()
  })
})

describe('words', () => {
  it.each([
    ['OpenAI', 'openai'],
    ['openai.responses', 'openai'],
    ['azure-openai', 'azure.ai.openai'],
    ['amazon-bedrock', 'aws.bedrock'],
    ['google.generative-ai', 'gcp.gemini'],
    ['google.vertex.chat', 'gcp.vertex_ai'],
    ['vertex_ai', 'gcp.vertex_ai'],
    ['xai', 'x_ai'],
    ['x_ai', 'x_ai'],
    ['MistralAI', 'mistral_ai'],
    ['az.ai.inference', 'azure.ai.inference'],
    ['My Own', 'my own'],
  ])('the provider %s is %s', (name, expected) => {
    expect(providerName(name)).toBe(expected)
  })

  it.each([
    ['tool-calls', 'tool_call'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['pause_turn', 'pause_turn'],
    ['constructor', 'constructor'],
  ])('the finish reason %s is %s', (reason, expected) => {
    expect(finishReason(reason)).toBe(expected)
  })
})
