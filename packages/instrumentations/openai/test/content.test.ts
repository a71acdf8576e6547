import { describe, expect, it } from 'vitest'
import { checkConformance } from '@agentel/testing/conformance'
import { reduceChatChunk } from '../src/chat.ts'
import { readChatInput, readChatOutput } from '../src/chat-content.ts'
import { readResponsesInput, readResponsesOutput } from '../src/responses-content.ts'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI()
const messages = [{ role: 'user' as const, content: 'count' }]

describe('content, when it is captured', () => {
  it('on spans is JSON text in the shape of the conventions', async () => {
    openai.capture('SPAN_ONLY')
    await openai.client.chat.completions.create({ model: 'gpt-4o', messages })
    const { attributes } = openai.telemetry.span('chat gpt-4o')
    expect(JSON.parse(attributes['gen_ai.input.messages'] as string)).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'count' }] },
    ])
    expect(JSON.parse(attributes['gen_ai.output.messages'] as string)).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'one two three' }] },
    ])
    expect(openai.telemetry.logs()).toEqual([])
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it('on events is structured, and not on the span', async () => {
    openai.capture('EVENT_ONLY')
    await openai.client.responses.create({ model: 'gpt-4o', instructions: 'Be brief.', input: 'count' })
    const span = openai.telemetry.span('chat gpt-4o')
    expect(Object.keys(span.attributes).filter((key) => /messages|instructions/.test(key))).toEqual([])
    const [event] = openai.telemetry.logs()
    expect(event!.eventName).toBe('gen_ai.client.inference.operation.details')
    expect(event!.severityNumber).toBe(5)
    expect(event!.attributes).toEqual({
      ...span.attributes,
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'count' }] }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'one two three' }] }],
    })
    expect(checkConformance({ logs: openai.telemetry.logs() })).toEqual([])
  })

  it('of a response that is fetched again is on its span, without a details event', async () => {
    const made = await openai.client.responses.create({ model: 'gpt-4o', input: 'count' })
    openai.telemetry.reset()
    openai.capture('SPAN_AND_EVENT')
    await openai.client.responses.retrieve(made.id)
    expect(openai.telemetry.span('fetch_response').attributes).toHaveProperty(['gen_ai.output.messages'])
    expect(openai.telemetry.logs()).toEqual([])
  })
})

describe('a chat request', () => {
  it('has every kind of message and part in its place', () => {
    const request = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          name: 'ann',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'https://x.example/cat.png' } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } },
            { type: 'file', file: { file_id: 'file_1' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,CCCC' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
            { id: 'call_2', type: 'custom', custom: { name: 'sql', input: 'select 1' } },
          ],
        },
        {
          role: 'tool',
          tool_call_id: 'call_1',
          content: [
            { type: 'text', text: 'sun' },
            { type: 'text', text: 'ny' },
          ],
        },
        { role: 'assistant', refusal: 'No.', function_call: { name: 'old', arguments: '{' } },
      ],
      tools: [
        { type: 'function', function: { name: 'weather', description: 'long', parameters: {} } },
        { type: 'custom', custom: { name: 'sql' } },
      ],
    }
    expect(readChatInput([request])).toEqual({
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        {
          role: 'user',
          name: 'ann',
          parts: [
            { type: 'text', content: 'Look' },
            { type: 'uri', modality: 'image', uri: 'https://x.example/cat.png' },
            { type: 'blob', modality: 'image', content: 'AAAA', mime_type: 'image/png' },
            { type: 'blob', modality: 'audio', content: 'BBBB', mime_type: 'audio/wav' },
            { type: 'file', modality: 'document', file_id: 'file_1' },
            { type: 'blob', modality: 'document', content: 'CCCC', mime_type: 'application/pdf' },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Paris' } },
            { type: 'tool_call', id: 'call_2', name: 'sql', arguments: 'select 1' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'sunny' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'refusal', content: 'No.' },
            { type: 'tool_call', name: 'old', arguments: '{' },
          ],
        },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'weather' },
        { type: 'custom', name: 'sql' },
      ],
    })
  })

  it('may hold bytes without a name, and what the model said aloud before', () => {
    const messages = [
      { role: 'user', content: [{ type: 'file', file: { file_data: 'QUJD' } }] },
      { role: 'assistant', audio: { id: 'audio_1' } },
    ]
    expect(readChatInput([{ messages }])).toEqual({
      'gen_ai.input.messages': [
        { role: 'user', parts: [{ type: 'blob', modality: 'document', content: 'QUJD' }] },
        { role: 'assistant', parts: [{ type: 'file', modality: 'audio', file_id: 'audio_1' }] },
      ],
    })
  })

  it('that is no request gives nothing', () => {
    expect(readChatInput([undefined])).toEqual({})
    expect(readChatOutput(undefined)).toEqual({})
  })
})

describe('a chat answer', () => {
  const parts = [
    { type: 'reasoning', content: 'Hm, so.' },
    { type: 'text', content: 'Hello' },
    { type: 'blob', modality: 'audio', content: 'QUJDRA==' },
  ]
  const output = { 'gen_ai.output.messages': [{ role: 'assistant', parts }] }

  it('has what the model thought and said aloud', () => {
    const audio = { id: 'audio_1', transcript: 'Hello', data: 'QUJDRA==' }
    for (const name of ['reasoning_content', 'reasoning']) {
      const message = { role: 'assistant', content: null, [name]: 'Hm, so.', audio }
      expect(readChatOutput({ choices: [{ index: 0, message }] })).toEqual(output)
    }
  })

  it('has it when it is streamed as well', () => {
    const deltas = [
      { role: 'assistant', reasoning_content: 'Hm' },
      { reasoning: ', so.', audio: { id: 'audio_1' } },
      { audio: { transcript: 'Hel' } },
      { audio: { transcript: 'lo', data: 'QUI=' } },
      { audio: { data: 'Q0Q=' } },
    ]
    const answer = deltas.reduce<unknown>(
      (so, delta) => reduceChatChunk(so, { choices: [{ index: 0, delta }] }, true),
      undefined,
    )
    expect(readChatOutput(answer)).toEqual(output)
  })
})

describe('the items of a response', () => {
  it('that are media, also those that a tool gave or the provider made, are parts that say so', () => {
    const image = { type: 'input_image', image_url: 'data:image/png;base64,QUJD' }
    const audio = { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } }
    const input = [
      { role: 'user', content: [audio, { type: 'input_file', file_data: 'data:application/pdf;base64,QUJD' }] },
      { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: 'see' }, image] },
      { type: 'image_generation_call', id: 'ig_1', output_format: 'webp', result: 'QUJD' },
    ]
    const blob = { type: 'blob', content: 'QUJD' }
    const picture = { ...blob, modality: 'image', mime_type: 'image/png' }
    const call = { type: 'image_generation_call', id: 'ig_1', output_format: 'webp' }
    expect(readResponsesInput([{ input }])).toEqual({
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [
            { ...blob, modality: 'audio', mime_type: 'audio/wav' },
            { ...blob, modality: 'document', mime_type: 'application/pdf' },
          ],
        },
        {
          role: 'tool',
          parts: [{ type: 'tool_call_response', id: 'call_1', response: [{ type: 'text', content: 'see' }, picture] }],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'server_tool_call', name: 'image_generation', id: 'ig_1', server_tool_call: call },
            { ...picture, mime_type: 'image/webp' },
          ],
        },
      ],
    })
  })

  it('are messages of the model, the user and the tools', () => {
    const input = [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', image_url: 'https://x.example/cat.png' },
          { type: 'input_image', file_id: 'file_1' },
          { type: 'input_file', file_id: 'file_2' },
          { type: 'input_file', file_url: 'https://x.example/a.pdf' },
        ],
      },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Paris"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
    ]
    expect(
      readResponsesInput([{ input, tools: [{ type: 'function', name: 'weather' }, { type: 'web_search' }] }]),
    ).toEqual({
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'Look' },
            { type: 'uri', modality: 'image', uri: 'https://x.example/cat.png' },
            { type: 'file', modality: 'image', file_id: 'file_1' },
            { type: 'file', modality: 'document', file_id: 'file_2' },
            { type: 'uri', modality: 'document', uri: 'https://x.example/a.pdf' },
          ],
        },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Paris' } }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'sunny' }] },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'weather' },
        { type: 'web_search', name: 'web_search' },
      ],
    })
  })

  it('of an answer are one message', () => {
    const output = [
      { type: 'reasoning', summary: [{ text: 'Hm.' }] },
      { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      { type: 'custom_tool_call', call_id: 'call_1', name: 'sql', input: 'select 1' },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Hello' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' },
    ]
    expect(readResponsesOutput({ output })).toEqual({
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'Hm.' },
            {
              type: 'server_tool_call',
              id: 'ws_1',
              name: 'web_search',
              server_tool_call: { type: 'web_search_call', id: 'ws_1', status: 'completed' },
            },
            { type: 'tool_call', id: 'call_1', name: 'sql', arguments: 'select 1' },
            { type: 'text', content: 'Hello' },
            { type: 'refusal', content: 'No.' },
            { type: 'compaction', id: 'cmp_1' },
          ],
        },
      ],
    })
  })
})
