import { describe, expect, it } from 'vitest'
import { checkConformance } from '@agentel/testing/conformance'
import { readMessagesInput, readMessagesOutput } from '../src/messages-content.ts'
import { useAnthropic } from './anthropic-harness.ts'

const anthropic = useAnthropic()
const parts = (content: unknown) => {
  const { 'gen_ai.input.messages': messages } = readMessagesInput([{ messages: [{ role: 'user', content }] }])
  return (messages as { parts: unknown[] }[])[0]!.parts
}

describe('content', () => {
  it('of a conversation with tools is in the shapes of the conventions', async () => {
    anthropic.configure({ capture: 'SPAN_ONLY' })
    anthropic.answer(() => ({
      reasoning: 'think',
      text: 'done',
      toolCalls: [{ id: 'toolu_2', name: 'weather', arguments: { city: 'Rome' } }],
    }))
    await anthropic.client.messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 50,
      system: 'Be brief.',
      tools: [{ name: 'weather', description: 'secret', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'weather?' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' }] },
      ],
    })
    const { attributes } = anthropic.telemetry.span('chat claude-haiku-4-5')
    const read = (key: string) => JSON.parse(attributes[key] as string) as unknown
    expect(read('gen_ai.system_instructions')).toEqual([{ type: 'text', content: 'Be brief.' }])
    expect(read('gen_ai.tool.definitions')).toEqual([{ type: 'function', name: 'weather' }])
    expect(read('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'weather?' }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'toolu_1', name: 'weather', arguments: { city: 'Paris' } }],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'toolu_1', response: 'sunny' }] },
    ])
    expect(read('gen_ai.output.messages')).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'think' },
          { type: 'text', content: 'done' },
          { type: 'tool_call', id: 'toolu_2', name: 'weather', arguments: { city: 'Rome' } },
        ],
      },
    ])
    expect(checkConformance({ spans: anthropic.telemetry.spans() })).toEqual([])
  })

  it('of every kind of block is a part', () => {
    expect(
      parts([
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        { type: 'document', source: { type: 'file', file_id: 'file_1' } },
        { type: 'document', source: { type: 'text', data: 'plain' } },
        { type: 'redacted_thinking', data: 'x' },
        { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } },
        { type: 'web_search_tool_result', tool_use_id: 's1', content: [] },
        {
          type: 'tool_result',
          tool_use_id: 't',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { type: 'something_new', value: 1 },
      ]),
    ).toEqual([
      { type: 'blob', modality: 'image', content: 'AAAA', mime_type: 'image/png' },
      { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
      { type: 'file', modality: 'document', file_id: 'file_1' },
      { type: 'text', content: 'plain' },
      { type: 'reasoning', content: '' },
      {
        type: 'server_tool_call',
        id: 's1',
        name: 'web_search',
        server_tool_call: { type: 'server_tool_use', input: { query: 'q' } },
      },
      {
        type: 'server_tool_call_response',
        id: 's1',
        server_tool_call_response: { type: 'web_search_tool_result', content: [] },
      },
      { type: 'tool_call_response', id: 't', response: 'ab' },
      { type: 'something_new', value: 1 },
    ])
  })

  it('of a custom tool is one of the application; the provider’s own keep their type', () => {
    const tools = [
      { type: 'custom', name: 'mine' },
      { type: 'web_search_20250305', name: 'web_search' },
    ]
    expect(readMessagesInput([{ tools }])).toEqual({
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'mine' },
        { type: 'web_search_20250305', name: 'web_search' },
      ],
    })
  })

  it('that is none leaves nothing', () => {
    expect(readMessagesInput([undefined])).toEqual({})
    expect(readMessagesOutput(undefined)).toEqual({})
    expect(readMessagesOutput({ content: [] })).toEqual({})
  })
})
