import OpenAI, { APIError } from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { countInput, loadTokenCounter, startModelServer, type ModelServer } from '../../src/model-server/index.ts'
import type { Scenario } from '../../src/model-server/index.ts'

let running: ModelServer | undefined
afterEach(() => running?.close())

async function start(scenario?: Scenario) {
  const server = await startModelServer(scenario ? { scenario } : {})
  running = server
  return { server, client: new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test', maxRetries: 0 }) }
}

const question = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Why is the sky blue?' }] }

describe('chat completions', () => {
  it('answers in the shape that the SDK declares, with the tokens that gpt-tokenizer counts', async () => {
    const { client, server } = await start(() => ({ text: 'Rayleigh scattering.' }))
    const answer = await client.chat.completions.create(question)
    const count = await loadTokenCounter()
    const input = countInput(count, [{ role: 'user', text: 'Why is the sky blue?', toolCalls: [] }], undefined)
    const output = count('Rayleigh scattering.')
    expect(answer).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{29}$/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gpt-4o-2024-08-06',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Rayleigh scattering.', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: 'default',
      system_fingerprint: 'fp_local0000',
    })
    expect(server.ledger.entries).toEqual([
      {
        sequence: 0,
        requestId: answer._request_id,
        endpoint: 'POST /v1/chat/completions',
        model: 'gpt-4o',
        responseModel: 'gpt-4o-2024-08-06',
        stream: false,
        attempt: 0,
        status: 200,
        outcome: 'complete',
        usageReported: true,
        usage: { inputTokens: input, outputTokens: output, cachedTokens: 0, reasoningTokens: 0 },
        startedAt: expect.any(Number),
        durationMs: expect.any(Number),
      },
    ])
  })

  it('streams the text in pieces and the usage in a last chunk of its own when that was asked for', async () => {
    const { client, server } = await start(() => ({ text: 'One two  three.' }))
    const stream = await client.chat.completions.create({
      ...question,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = await Array.fromAsync(stream)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'One' },
      { content: ' two' },
      { content: '  three.' },
      {},
      undefined,
    ])
    expect(chunks.map((chunk) => chunk.usage?.completion_tokens)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      server.ledger.entries[0]?.usage.outputTokens,
    ])
  })

  it('leaves the usage out of a stream that did not ask for it, and says so in the ledger', async () => {
    const { client, server } = await start()
    const chunks = await Array.fromAsync(await client.chat.completions.create({ ...question, stream: true }))
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false)
    expect(server.ledger.entries[0]?.usageReported).toBe(false)
    expect(server.ledger.totals()).toEqual({
      requests: 1,
      errors: 0,
      inputTokens: 0,
      outputTokens: 0,
      cachedTokens: 0,
      reasoningTokens: 0,
    })
  })

  it('streams tool calls piece by piece so that the SDK puts them together again', async () => {
    const toolCalls = [
      { id: 'call_1', name: 'weather', arguments: { city: 'Reykjavík', unit: 'celsius' } },
      { id: 'call_2', name: 'weather', arguments: '{"city":"Oslo' },
    ]
    const { client } = await start(() => ({ toolCalls }))
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: {} } }]
    const final = await client.chat.completions.stream({ ...question, tools }).finalChatCompletion()
    expect(final.choices[0]?.finish_reason).toBe('tool_calls')
    expect(final.choices[0]?.message.content).toBeNull()
    expect(final.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function)).toEqual([
      expect.objectContaining({ name: 'weather', arguments: '{"city":"Reykjavík","unit":"celsius"}' }),
      expect.objectContaining({ name: 'weather', arguments: '{"city":"Oslo' }),
    ])
  })

  it('fills the schema of a structured answer, so that parse() gets its object', async () => {
    const { client } = await start()
    const shape = z.object({ verdict: z.enum(['pass', 'fail']), reasons: z.array(z.string()), score: z.number() })
    const answer = await client.chat.completions.parse({
      ...question,
      response_format: zodResponseFormat(shape, 'review'),
    })
    expect(answer.choices[0]?.message.parsed).toEqual({ verdict: 'pass', reasons: [], score: 1 })
  })

  it('fills schemas that refer to themselves', async () => {
    const { client } = await start()
    const Tree = z.object({ name: z.string(), children: z.array(z.lazy((): z.ZodType => Tree)) })
    const answer = await client.chat.completions.parse({
      ...question,
      response_format: zodResponseFormat(z.object({ tree: Tree, other: Tree.nullable() }), 'forest'),
    })
    expect(answer.choices[0]?.message.parsed).toEqual({ tree: { name: 'text', children: [] }, other: null })
  })

  it('runs tools to the end with runTools()', async () => {
    const { client } = await start(({ messages }) => {
      const result = messages.findLast((message) => message.role === 'tool')
      return result ? { text: `It is ${result.text}.` } : { toolCalls: [{ name: 'clock', arguments: {} }] }
    })
    const runner = client.chat.completions.runTools({
      ...question,
      tools: [
        { type: 'function', function: { name: 'clock', description: '', parameters: {}, function: () => 'noon' } },
      ],
    })
    expect(await runner.finalContent()).toBe('It is noon.')
  })

  it('gives each of n choices its own text', async () => {
    const { client } = await start(() => ({ text: ['first', 'second'] }))
    const answer = await client.chat.completions.create({ ...question, n: 3 })
    expect(answer.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'first'],
      [1, 'second'],
      [2, 'second'],
    ])
  })

  it('breaks off an answer in the middle: the client is told, the ledger has a dropped answer', async () => {
    const { client, server } = await start(() => ({
      text: 'one two three',
      interrupt: { afterChunks: 2, how: 'drop' },
    }))
    const stream = await client.chat.completions.create({ ...question, stream: true })
    const seen: unknown[] = []
    await expect(async () => {
      for await (const chunk of stream) seen.push(chunk.choices[0]?.delta.content)
    }).rejects.toThrow()
    expect(seen).toEqual(['', 'one'])
    await expect(client.chat.completions.create(question)).rejects.toThrow('terminated')
    await expect.poll(() => server.ledger.entries.map((entry) => entry.outcome)).toEqual(['dropped', 'dropped'])
  })

  it('reports an error in the middle of a stream as the service does', async () => {
    const { client } = await start(() => ({ text: 'one two', interrupt: { afterChunks: 2, how: 'error' } }))
    const stream = await client.chat.completions.create({ ...question, stream: true })
    await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(APIError)
  })

  it('notes that a client went away in the middle of an answer', async () => {
    const { client, server } = await start(() => ({ text: 'one two three four', chunkDelay: 20 }))
    const stream = await client.chat.completions.create({
      ...question,
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const _ of stream) break
    await expect.poll(() => server.ledger.entries).toHaveLength(1)
    expect(server.ledger.entries[0]).toMatchObject({ status: 200, outcome: 'aborted', usageReported: false })
  })

  it('sends usage that the scenario sets, without counting', async () => {
    const usage = { inputTokens: 2000, outputTokens: 300, cachedTokens: 1536, reasoningTokens: 256 }
    const { client, server } = await start(() => ({ text: 'x', usage }))
    const answer = await client.chat.completions.create(question)
    expect(answer.usage).toMatchObject({
      prompt_tokens: 2000,
      completion_tokens: 300,
      prompt_tokens_details: { cached_tokens: 1536 },
      completion_tokens_details: { reasoning_tokens: 256 },
    })
    expect(server.ledger.totals()).toEqual({ requests: 1, errors: 0, ...usage })
  })
})
