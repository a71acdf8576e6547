import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startModelServer, type ModelServer, type Scenario } from '../../src/model-server/index.ts'

let running: ModelServer | undefined
afterEach(() => running?.close())

async function start(scenario?: Scenario) {
  const server = await startModelServer(scenario ? { scenario } : {})
  running = server
  return { server, client: new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test', maxRetries: 0 }) }
}

const reasoned: Scenario = () => ({
  reasoning: 'Thinking about it.',
  text: 'Because of scattering.',
  toolCalls: [{ id: 'call_1', name: 'search', arguments: { query: 'sky' } }],
  usage: { inputTokens: 100, cachedTokens: 64 },
})

describe('responses', () => {
  it('answers with reasoning, message and tool call, and their usage', async () => {
    const { client, server } = await start(reasoned)
    const answer = await client.responses.create({ model: 'o4-mini', input: 'Why is the sky blue?' })
    expect(answer.output.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call'])
    expect(answer.output_text).toBe('Because of scattering.')
    const { usage } = server.ledger.entries[0]!
    expect(usage.reasoningTokens).toBeGreaterThan(0)
    expect(answer.usage).toEqual({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 64, cache_write_tokens: 0 },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: 100 + usage.outputTokens,
    })
  })

  it('streams events that the SDK puts together to the same response', async () => {
    const { client } = await start(reasoned)
    const stream = client.responses.stream({ model: 'o4-mini', input: 'Why?' })
    const types: string[] = []
    let numbered = 0
    stream.on('event', (event) => {
      types.push(event.type)
      expect(event.sequence_number).toBe(numbered++)
    })
    const final = await stream.finalResponse()
    expect(final.output_text).toBe('Because of scattering.')
    expect(final.output[2]).toMatchObject({ type: 'function_call', name: 'search', arguments: '{"query":"sky"}' })
    expect([...new Set(types)]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.completed',
    ])
  })

  it('keeps a response to be retrieved whole or as a stream, until it is deleted', async () => {
    const { client } = await start(reasoned)
    const { id } = await client.responses.create({ model: 'o4-mini', input: 'Why?' })
    expect((await client.responses.retrieve(id)).output_text).toBe('Because of scattering.')
    const events = await Array.fromAsync(await client.responses.retrieve(id, { stream: true, starting_after: 1 }))
    expect(events[0]?.sequence_number).toBe(2)
    expect(events.at(-1)?.type).toBe('response.completed')
    await client.responses.delete(id)
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 })
  })

  it('forgets a response that was not to be stored', async () => {
    const { client } = await start()
    const { id } = await client.responses.create({ model: 'gpt-4o', input: 'Why?', store: false })
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 })
  })

  it('parses a structured answer', async () => {
    const { client } = await start()
    const format = zodTextFormat(z.object({ ok: z.boolean() }), 'check')
    const answer = await client.responses.parse({ model: 'gpt-4o', input: 'Fine?', text: { format } })
    expect(answer.output_parsed).toEqual({ ok: true })
  })

  it('shows a scenario the items of the input as messages', async () => {
    let seen: unknown
    const { client } = await start(({ messages, tools }) => {
      seen = { messages, tools }
      return { text: 'ok' }
    })
    await client.responses.create({
      model: 'gpt-4o',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Search.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'search', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'found' },
      ],
      tools: [{ type: 'function', name: 'search', parameters: {}, strict: false }],
    })
    expect(seen).toEqual({
      messages: [
        { role: 'system', text: 'Be brief.', toolCalls: [] },
        { role: 'user', text: 'Search.', toolCalls: [] },
        { role: 'assistant', text: '', toolCalls: [{ id: 'call_1', name: 'search', arguments: '{}' }] },
        { role: 'tool', text: 'found', toolCalls: [], toolCallId: 'call_1' },
      ],
      tools: ['search'],
    })
  })

  it('says that an answer was cut', async () => {
    const { client } = await start(() => ({ text: 'Once upon', finishReason: 'length' }))
    const answer = await client.responses.create({ model: 'gpt-4o', input: 'A story.', max_output_tokens: 2 })
    expect([answer.status, answer.incomplete_details]).toEqual(['incomplete', { reason: 'max_output_tokens' }])
    const events = await Array.fromAsync(await client.responses.create({ model: 'gpt-4o', input: 'x', stream: true }))
    expect(events.at(-1)?.type).toBe('response.incomplete')
  })
})
