import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { checkConformance } from '@agentel/testing/conformance'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI({}, [enricherProcessor([costEnricher()])])
const messages = [{ role: 'user' as const, content: 'hello' }]

/** The real client at this host, which answers with this. */
function clientAt(baseURL: string, body: object | readonly object[]): OpenAI {
  const text = Array.isArray(body)
    ? [...body.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'].join('')
    : JSON.stringify(body)
  const headers = { 'content-type': Array.isArray(body) ? 'text/event-stream' : 'application/json' }
  return new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0, fetch: async () => new Response(text, { headers }) })
}

const completion = (model: string, more: object) => ({
  id: 'gen-1',
  object: 'chat.completion',
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  ...more,
})

async function costOf(baseURL: string, model: string, more: object) {
  await clientAt(baseURL, completion(model, more)).chat.completions.create({ model, messages })
  const [span] = openai.telemetry.spans()
  expect(checkConformance({ spans: [span!] })).toEqual([])
  const told = Object.entries(span!.attributes).filter(([key]) => /^agentel\.(?:cost|usage)\./.test(key))
  openai.telemetry.reset()
  return Object.fromEntries(told)
}

const OPENROUTER = 'https://openrouter.ai/api/v1'
const tokens = { prompt_tokens: 194, completion_tokens: 2, total_tokens: 196 }

describe('a cost that the provider tells', () => {
  it('is the cost of the call: of xAI in ticks, with the searches that it ran', async () => {
    // 6140 tokens at 1.25, 3072 from the cache at 0.20, 3417 out at 2.50 a million, three searches at 5 a thousand:
    // 0.007675 + 0.0006144 + 0.0085425 + 0.015 = 0.0318319
    const usage = {
      input_tokens: 9212,
      input_tokens_details: { cached_tokens: 3072 },
      output_tokens: 3417,
      total_tokens: 12_629,
      cost_in_usd_ticks: 318_319_000,
    }
    const body = { id: 'r', object: 'response', status: 'completed', model: 'grok-unlisted', output: [], usage }
    await clientAt('https://api.x.ai/v1', body).responses.create({ model: 'grok-unlisted', input: 'hello' })
    const [span] = openai.telemetry.spans()
    expect(span!.attributes).toMatchObject({
      'gen_ai.provider.name': 'x_ai',
      'agentel.cost.amount': 0.0318319,
      'agentel.cost.source': 'provider',
    })
    expect(span!.attributes).not.toHaveProperty('agentel.cost.unpriced')
    expect(span!.attributes).not.toHaveProperty('agentel.cost.pricing.version')
  })

  it.each([
    ['in credits of a dollar', { cost: 0.00095, is_byok: false, cost_details: { upstream_inference_cost: 0.0009 } }],
    ['in credits alone', { cost: 0.00095 }],
    ['a fee, and what the owner of the key pays', { cost: 0.00005, cost_details: { upstream_inference_cost: 0.0009 } }],
    ['all to the owner', { cost: 0, is_byok: true, cost_details: { upstream_inference_cost: 0.00095 } }],
  ])('is the cost of the call: of OpenRouter, %s', async (_, told) => {
    expect(await costOf(OPENROUTER, 'acme/unlisted', { usage: { ...tokens, ...told } })).toEqual({
      'agentel.cost.amount': expect.closeTo(0.00095, 12),
      'agentel.cost.source': 'provider',
    })
  })

  it('may be nothing, for what is free', async () => {
    expect(await costOf(OPENROUTER, 'acme/unlisted:free', { usage: { ...tokens, cost: 0 } })).toEqual({
      'agentel.cost.amount': 0,
      'agentel.cost.source': 'provider',
    })
  })

  it('comes with the last chunk of a stream, and with embeddings', async () => {
    const usage = { ...tokens, cost: 0.25 }
    const chunk = { id: 'gen-1', object: 'chat.completion.chunk', model: 'acme/unlisted' }
    const client = clientAt(OPENROUTER, [
      { ...chunk, choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }] },
      { ...chunk, choices: [], usage },
    ])
    const request = { model: 'acme/unlisted', messages, stream: true as const }
    await Array.fromAsync(await client.chat.completions.create(request))
    const vectors = { object: 'list', model: 'acme/vectors', data: [{ index: 0, embedding: [1] }], usage }
    await clientAt(OPENROUTER, vectors).embeddings.create({
      model: 'acme/vectors',
      input: 'x',
      encoding_format: 'float',
    })
    expect(openai.telemetry.spans().map(({ attributes }) => attributes['agentel.cost.amount'])).toEqual([0.25, 0.25])
  })

  it.each([
    ['https://proxy.example.com/v1', { cost: 0, cost_in_usd_ticks: 0 }],
    [OPENROUTER, { cost_in_usd_ticks: 5 }],
    [OPENROUTER, { cost: -1 }],
    [OPENROUTER, { cost: '1' }],
    ['https://api.x.ai/v1', { cost: 1 }],
    ['https://api.x.ai/v1', { cost_in_usd_ticks: null }],
  ])('is not what %s says in words that are not known to be its own (%j)', async (baseURL, told) => {
    expect(await costOf(baseURL, 'acme-unlisted', { usage: { ...tokens, ...told } })).toEqual({
      'agentel.cost.unpriced': true,
    })
  })
})

describe('the tier by which another than OpenAI bills', () => {
  it('has its price, and none where the list has none', async () => {
    const groq = (service_tier: string | null) =>
      costOf('https://api.groq.com/openai/v1', 'llama-3.3-70b-versatile', { service_tier, usage: tokens })
    const standard = await groq('on_demand')
    expect(standard).toEqual({
      'agentel.cost.amount': expect.any(Number),
      'agentel.cost.source': 'local',
      'agentel.cost.pricing.version': expect.any(String),
    })
    expect(await groq(null)).toEqual(standard)
    expect(await groq('flex')).toEqual({ ...standard, 'agentel.usage.service_tier': 'flex' })
    expect(await groq('performance')).toEqual({
      'agentel.cost.unpriced': true,
      'agentel.usage.service_tier': 'performance',
    })
  })
})
