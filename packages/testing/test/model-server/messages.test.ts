import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ModelServer, type Reply, startModelServer } from '../../src/model-server/index.ts'

let server: ModelServer
let client: Anthropic
let reply: Reply
beforeEach(async () => {
  reply = { text: 'one two three' }
  server = await startModelServer({ scenario: () => reply, seed: 'messages', countTokens: (text) => text.length })
  client = new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 0 })
})
afterEach(() => server.close())

const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  system: 'Be brief.',
  messages: [{ role: 'user' as const, content: 'count' }],
}

describe('a message', () => {
  it('has thinking, text and tool calls as blocks, and cached tokens beside the input', async () => {
    reply = {
      reasoning: 'think',
      text: 'Let me see.',
      toolCalls: [{ id: 'toolu_1', name: 'weather', arguments: { city: 'Paris' } }],
      usage: { inputTokens: 1000, outputTokens: 200, cachedTokens: 400, cacheWriteTokens: 100, reasoningTokens: 50 },
    }
    const message = await client.messages.create(request)
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5-20251001',
      content: [
        { type: 'thinking', thinking: 'think' },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } },
      ],
      stop_reason: 'tool_use',
      usage: {
        input_tokens: 500,
        cache_read_input_tokens: 400,
        cache_creation_input_tokens: 100,
        output_tokens: 200,
        output_tokens_details: { thinking_tokens: 50 },
      },
    })
    expect(server.ledger.totals()).toMatchObject({ inputTokens: 1000, cachedTokens: 400, cacheWriteTokens: 100 })
  })

  it('that is streamed adds up to the whole one, in the client’s own hands', async () => {
    reply = {
      reasoning: 'think first',
      text: 'one two three',
      toolCalls: [{ id: 'toolu_1', name: 'weather', arguments: { city: 'a long name of a city' } }],
    }
    const whole = await client.messages.create(request)
    const streamed = await client.messages.stream(request).finalMessage()
    expect(streamed).toMatchObject({ content: whole.content.map(({ type }) => ({ type })), stop_reason: 'tool_use' })
    expect(streamed.content.at(-1)).toEqual(whole.content.at(-1))
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens)
  })

  it('goes on from the one before where the client sends a thread', async () => {
    const seen: number[] = []
    const threads = await startModelServer({
      scenario: ({ messages }) => {
        seen.push(messages.length)
        return seen.length === 1 ? { toolCalls: [{ id: 'toolu_1', name: 'clock', arguments: {} }] } : { text: 'noon' }
      },
      countTokens: (text) => text.length,
    })
    const runner = new Anthropic({ apiKey: 'k', baseURL: threads.url }).beta.messages.toolRunner({
      ...request,
      tools: [
        { type: 'custom', name: 'clock', input_schema: { type: 'object' }, parse: () => ({}), run: () => '12:00' },
      ],
    })
    expect((await runner.runUntilDone()).content).toMatchObject([{ type: 'text', text: 'noon' }])
    expect(seen).toEqual([2, 4])
    await threads.close()
  })

  it('is counted without being made', async () => {
    const { model, messages } = request
    expect((await client.messages.countTokens({ model, messages })).input_tokens).toBeGreaterThan(5)
  })
})

describe('a refusal', () => {
  it.each([
    ['overloaded', 529, 'overloaded_error'],
    ['rate_limit', 429, 'rate_limit_error'],
    ['unauthorized', 401, 'authentication_error'],
    ['context_length', 400, 'invalid_request_error'],
    ['server', 500, 'api_error'],
  ] as const)('of kind %s has status %i and type %s', async (kind, status, type) => {
    reply = { fault: { kind } }
    await expect(client.messages.create(request)).rejects.toMatchObject({ status, error: { error: { type } } })
  })

  it.each([
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens'],
    ['no messages', { messages: [] }, 'at least one message'],
    ['a role that is none', { messages: [{ role: 'system', content: 'x' }] }, 'role'],
    [
      'a result of no tool call',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x' }] }] },
      'tool_use_id',
    ],
  ])('of a request with %s says what is wrong', async (_what, wrong, said) => {
    await expect(client.messages.create({ ...request, ...wrong } as never)).rejects.toThrow(said)
  })

  it('in the middle of a stream is an event of its own', async () => {
    reply = { text: 'one two three', interrupt: { how: 'error', afterChunks: 4 } }
    await expect(client.messages.stream(request).finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' })
  })
})
