import { SpanKind } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { comparableToStreamed } from '@agentel/testing'
import { checkConformance } from '@agentel/testing/conformance'
import { readCompletionInput, readCompletionOutput } from '../src/completions.ts'
import { setUsage } from '../src/usage.ts'
import { useOpenAI } from './openai-harness.ts'

const openaiItself = { provider: 'openai' }
const openai = useOpenAI({}, [enricherProcessor([costEnricher()])])
const usage = { inputTokens: 30, outputTokens: 8 }
const request = { model: 'gpt-3.5-turbo-instruct', prompt: 'Once', max_tokens: 9, temperature: 0.5, stop: 'END' }
const address = () => ({ 'server.address': '127.0.0.1', 'server.port': openai.server.port })

describe('a text that is continued', () => {
  it('is one span with all that was asked and answered', async () => {
    openai.answer(() => ({ text: 'upon a time', usage, finishReason: 'length' }))
    const answer = await openai.client.completions.create({ ...request, n: 1, seed: 7 })
    expect(answer.choices[0]!.text).toBe('upon a time')
    const span = openai.telemetry.span('text_completion gpt-3.5-turbo-instruct')
    expect(span.kind).toBe(SpanKind.CLIENT)
    const { 'agentel.cost.amount': cost, ...attributes } = span.attributes
    expect(attributes).toEqual({
      'gen_ai.operation.name': 'text_completion',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-3.5-turbo-instruct',
      ...address(),
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.request.seed': 7,
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': answer.model,
      'gen_ai.response.finish_reasons': ['length'],
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 8,
      'agentel.cost.source': 'local',
      'agentel.cost.pricing.version': expect.any(String),
    })
    // Input at 1.50 and output at 2 dollars a million tokens.
    expect(cost).toBeCloseTo(30 * 1.5e-6 + 8 * 2e-6, 12)
    expect(checkConformance({ spans: [span] })).toEqual([])
  })

  it('gives the same span when it is streamed', async () => {
    openai.capture('SPAN_ONLY')
    openai.answer(() => ({ text: 'upon a time', usage }))
    await openai.client.completions.create(request)
    const options = { stream: true as const, stream_options: { include_usage: true } }
    await Array.fromAsync(await openai.client.completions.create({ ...request, ...options }))
    const [whole, streamed] = openai.telemetry.spans()
    expect(comparableToStreamed(streamed!.attributes)).toEqual(comparableToStreamed(whole!.attributes))
    expect(JSON.parse(whole!.attributes['gen_ai.input.messages'] as string)).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Once' }] },
    ])
    expect(JSON.parse(whole!.attributes['gen_ai.output.messages'] as string)).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'upon a time' }] },
    ])
  })

  it('may be several, and one that comes as tokens cannot be read', () => {
    const text = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] })
    expect(readCompletionInput([{ prompt: ['a', 'b'] }])).toEqual({ 'gen_ai.input.messages': [text('a'), text('b')] })
    for (const prompt of [undefined, [1, 2], [[1], [2]]]) expect(readCompletionInput([{ prompt }])).toEqual({})
    expect(readCompletionOutput(undefined)).toEqual({})
  })
})

describe('a conversation that a model makes shorter', () => {
  it.each(['responses', 'beta.responses'])('is one span with what it takes (%s)', async (where) => {
    openai.answer(() => ({ text: 'short', usage: { ...usage, cachedTokens: 10 } }))
    const responses = where === 'responses' ? openai.client.responses : openai.client.beta.responses
    const answer = await responses.compact({ model: 'gpt-4o', input: 'long' })
    const { attributes } = openai.telemetry.span('chat gpt-4o')
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'openai.api.type': 'responses',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['compaction'],
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 8,
      'gen_ai.usage.cache_read.input_tokens': 10,
    })
    expect(attributes['agentel.cost.amount']).toBeCloseTo(20 * 2.5e-6 + 10 * 1.25e-6 + 8 * 1e-5, 12)
    expect(openai.telemetry.spans()).toHaveLength(1)
  })
})

it('a response of the beta resource is the same span, fetched again too', async () => {
  openai.answer(() => ({ text: 'one', usage }))
  const { responses } = openai.client.beta
  const answer = await responses.create({ model: 'gpt-4o', input: 'count' })
  await Array.fromAsync(await responses.create({ model: 'gpt-4o', input: 'count', stream: true }))
  await responses.retrieve(answer.id)
  const [whole, streamed, fetched] = openai.telemetry.spans()
  expect(openai.telemetry.spans()).toHaveLength(3)
  expect(comparableToStreamed(streamed!.attributes)).toEqual(comparableToStreamed(whole!.attributes))
  expect(whole!.attributes).toMatchObject({
    'gen_ai.response.id': answer.id,
    'gen_ai.usage.input_tokens': 30,
    'gen_ai.usage.output_tokens': 8,
  })
  expect(fetched!.name).toBe('fetch_response')
})

it('the output has the reasoning that a host counts beside it, and once where it is counted within', () => {
  const counted = (total: number) => {
    const attributes = {}
    const details = { completion_tokens_details: { reasoning_tokens: 2809 } }
    setUsage(
      attributes,
      { prompt_tokens: 10_120, completion_tokens: 4000, total_tokens: total, ...details },
      openaiItself,
    )
    return attributes
  }
  expect(counted(16_929)).toEqual({
    'gen_ai.usage.input_tokens': 10_120,
    'gen_ai.usage.output_tokens': 6809,
    'gen_ai.usage.reasoning.output_tokens': 2809,
  })
  expect(counted(14_120)).toMatchObject({ 'gen_ai.usage.output_tokens': 4000 })
})

it('what came from the cache has two places, by the host', () => {
  const usage = { prompt_tokens: 50, completion_tokens: 5, cached_tokens: 40 }
  const attributes = {}
  setUsage(attributes, usage, openaiItself)
  expect(attributes).toMatchObject({ 'gen_ai.usage.cache_read.input_tokens': 40 })
  setUsage(attributes, { ...usage, prompt_tokens_details: { cached_tokens: 30 } }, openaiItself)
  expect(attributes).toMatchObject({ 'gen_ai.usage.cache_read.input_tokens': 30 })
})
