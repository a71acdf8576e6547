import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../../src/model-server/index.ts'

let running: ModelServer | undefined
afterEach(() => running?.close())

async function start(options: ModelServerOptions = {}, maxRetries = 0) {
  const server = await startModelServer(options)
  running = server
  return { server, client: new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test', maxRetries }) }
}

type ErrorBody = { error: { type: string } }

const question = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] }

describe('embeddings and models', () => {
  it('embeds the same text to the same unit vector, sent as base64 or as numbers', async () => {
    const { client, server } = await start()
    const request = { model: 'text-embedding-3-small', input: ['sky', 'sea'], dimensions: 8 }
    const packed = await client.embeddings.create(request)
    const plain = await client.embeddings.create({ ...request, encoding_format: 'float' })
    expect(packed.data.map(({ index }) => index)).toEqual([0, 1])
    expect([...packed.data[0]!.embedding]).toEqual(plain.data[0]!.embedding)
    expect(plain.data[0]!.embedding).not.toEqual(plain.data[1]!.embedding)
    expect(Math.hypot(...plain.data[0]!.embedding)).toBeCloseTo(1, 5)
    expect(plain.usage.prompt_tokens).toBe(server.ledger.entries[1]?.usage.inputTokens)
  })

  it('counts the tokens of an input that is tokens already', async () => {
    const { client } = await start()
    const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: [1, 2, 3] })
    expect(answer.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 })
  })

  it('lists its models and knows one from another', async () => {
    const { client } = await start({ models: ['gpt-4o'] })
    expect((await client.models.list()).data.map((model) => model.id)).toEqual(['gpt-4o'])
    expect((await client.models.retrieve('gpt-4o')).object).toBe('model')
    await expect(client.models.retrieve('gpt-9')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })
})

describe('refusals', () => {
  it.each([
    ['rate_limit', 429, 'tokens', 'rate_limit_exceeded'],
    ['quota', 429, 'insufficient_quota', 'insufficient_quota'],
    ['server', 500, 'server_error', null],
    ['overloaded', 503, 'server_error', 'overloaded'],
    ['context_length', 400, 'invalid_request_error', 'context_length_exceeded'],
    ['permission', 403, 'invalid_request_error', 'unsupported_country_region_territory'],
  ] as const)('refuses with %s as the service does', async (kind, status, type, code) => {
    const { client, server } = await start({ scenario: () => ({ fault: { kind } }) })
    await expect(client.chat.completions.create(question)).rejects.toMatchObject({
      status,
      type,
      code,
      requestID: expect.stringMatching(/^req_[0-9a-f]{32}$/),
    })
    expect(server.ledger.entries[0]).toMatchObject({ status, outcome: 'error', usageReported: false })
  })

  it('is survived by the retries of the SDK, which the ledger counts', async () => {
    const scenario: ModelServerOptions['scenario'] = ({ attempt }) =>
      attempt === 0 ? { fault: { kind: 'rate_limit', retryAfter: 0.01 } } : { text: 'Hi' }
    const { client, server } = await start({ scenario }, 2)
    const { data, response } = await client.chat.completions.create(question).withResponse()
    expect(data.choices[0]?.message.content).toBe('Hi')
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('10000')
    expect(server.ledger.entries.map(({ attempt, status }) => [attempt, status])).toEqual([
      [0, 429],
      [1, 200],
    ])
  })

  it('names the parameter that is wrong', async () => {
    const { client } = await start()
    const send = (body: object) => client.post('/chat/completions', { body })
    await expect(send({ model: 'gpt-4o' })).rejects.toMatchObject({ status: 400, param: 'messages' })
    await expect(send({ messages: question.messages })).rejects.toThrow('you must provide a model parameter')
    const odd = [{ role: 'robot', content: 'x' }]
    await expect(send({ model: 'gpt-4o', messages: odd })).rejects.toMatchObject({ param: 'messages[0].role' })
    const orphan = [{ role: 'tool', tool_call_id: 'call_9', content: 'x' }]
    await expect(send({ model: 'gpt-4o', messages: orphan })).rejects.toMatchObject({ param: 'messages[0].role' })
    await expect(send({ model: 'gpt-4o', messages: [null] })).rejects.toMatchObject({ param: 'messages[0]' })
    await expect(send({ ...question, n: 1e9 })).rejects.toMatchObject({ status: 400, param: 'n' })
    await expect(client.post('/responses', { body: { model: 'gpt-4o' } })).rejects.toMatchObject({ param: 'input' })
    await expect(client.post('/embeddings', { body: { model: 'm' } })).rejects.toMatchObject({ param: 'input' })
  })

  it('refuses a missing key, a wrong key, an unknown model and an unknown path', async () => {
    const { client, server } = await start({ apiKeys: ['test'], models: ['gpt-4o'] })
    const bare = await fetch(`${server.url}/v1/models`)
    expect([bare.status, ((await bare.json()) as ErrorBody).error.type]).toEqual([401, 'invalid_request_error'])
    const other = client.withOptions({ apiKey: 'other' })
    await expect(other.chat.completions.create(question)).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    })
    await expect(client.chat.completions.create({ ...question, model: 'gpt-9' })).rejects.toMatchObject({ status: 404 })
    await expect(client.get('/nothing')).rejects.toThrow('Invalid URL (GET /v1/nothing)')
  })

  it('refuses a body that is not a JSON object', async () => {
    const { server } = await start()
    const headers = { authorization: 'Bearer test' }
    const answer = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', headers, body: '{"model":' })
    expect([answer.status, ((await answer.json()) as ErrorBody).error.type]).toEqual([400, 'invalid_request_error'])
  })

  it('shows where a scenario threw', async () => {
    const scenario = () => {
      throw new Error('no such line')
    }
    const { client } = await start({ scenario })
    await expect(client.chat.completions.create(question)).rejects.toThrow(
      'The scenario of the model server threw: no such line',
    )
  })

  it('closes while an answer hangs', async () => {
    const { client, server } = await start({ scenario: () => ({ interrupt: { afterChunks: 1, how: 'hang' } }) })
    const stream = await client.chat.completions.create({ ...question, stream: true })
    const read = expect(Array.fromAsync(stream)).rejects.toThrow('terminated')
    await server.close()
    await read
    expect(server.ledger.entries[0]).toMatchObject({ outcome: 'dropped' })
  })
  it.each(['drop', 'hang'] as const)(
    'can send nothing at all (%s), which the SDK survives or gives up on',
    async (silence) => {
      const { client, server } = await start(
        { scenario: ({ attempt }) => (attempt === 0 ? { silence } : { text: 'Hi' }) },
        1,
      )
      const answer = await client.chat.completions.create(question, { timeout: 200 })
      expect(answer.choices[0]?.message.content).toBe('Hi')
      expect(server.ledger.entries.map(({ status, outcome }) => [status, outcome])).toEqual([
        [0, 'dropped'],
        [200, 'complete'],
      ])
    },
  )
})

describe('the prompt cache', () => {
  it('reports the repeated start of a conversation as cached, in blocks of 128 tokens and from the minimum on', async () => {
    const { client } = await start({ promptCacheFrom: 256 })
    const rules = { role: 'system' as const, content: 'Answer briefly. '.repeat(100) }
    const ask = async (...messages: { role: 'system' | 'user'; content: string }[]) => {
      const { usage } = await client.chat.completions.create({ model: 'gpt-4o', messages })
      return usage?.prompt_tokens_details?.cached_tokens
    }
    expect(await ask(rules, { role: 'user', content: 'One?' })).toBe(0)
    expect(await ask(rules, { role: 'user', content: 'Two?' })).toBe(256)
    expect(await ask({ role: 'user', content: 'One?' }, rules)).toBe(0)
    expect(await ask({ role: 'user', content: 'One?' })).toBe(0)
  })
})

describe('a seed', () => {
  it('makes the same request get the same bytes, on any server and in any order', async () => {
    const answers: Record<string, unknown>[] = []
    for (const requests of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const { server } = await start({ seed: 'one', scenario: () => ({ toolCalls: [{ name: 'x', arguments: {} }] }) })
      const bytes: Record<string, unknown> = {}
      for (const content of requests) {
        const answer = await fetch(`${server.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: 'Bearer test' },
          body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
        })
        bytes[content] = { headers: [...answer.headers], text: await answer.text() }
      }
      answers.push(bytes)
      await server.close()
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.['a']).not.toEqual(answers[0]?.['b'])
  })
})
