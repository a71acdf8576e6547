import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { getChunkGaps } from '@agentel/api'
import { checkConformance } from '@agentel/testing/conformance'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI()
const messages = [{ role: 'user' as const, content: 'count' }]
const request = {
  model: 'gpt-4o',
  messages,
  max_completion_tokens: 50,
  temperature: 0.2,
  top_p: 0.9,
  stop: 'END',
  frequency_penalty: 0.1,
  presence_penalty: 0.3,
  n: 2,
  seed: 7,
  reasoning_effort: 'low' as const,
  service_tier: 'flex' as const,
  response_format: { type: 'json_object' as const },
}
const usage = { inputTokens: 100, outputTokens: 20, cachedTokens: 60, reasoningTokens: 5 }
const address = () => ({ 'server.address': '127.0.0.1', 'server.port': openai.server.port })

describe('a chat completion', () => {
  it('is one CLIENT span with all that was asked and answered', async () => {
    openai.answer(() => ({ text: '{}', usage }))
    const answer = await openai.client.chat.completions.create(request)
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
    expect(span.instrumentationScope).toMatchObject({
      name: '@agentel/instrumentation-openai',
      schemaUrl: 'https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev',
    })
    expect(span.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      ...address(),
      'gen_ai.request.max_tokens': 50,
      'gen_ai.request.temperature': 0.2,
      'gen_ai.request.top_p': 0.9,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.request.frequency_penalty': 0.1,
      'gen_ai.request.presence_penalty': 0.3,
      'gen_ai.request.choice.count': 2,
      'gen_ai.request.seed': 7,
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.output.type': 'json',
      'openai.api.type': 'chat_completions',
      'openai.request.service_tier': 'flex',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': answer.model,
      'gen_ai.response.finish_reasons': ['stop', 'stop'],
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 60,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'openai.response.service_tier': answer.service_tier,
      'openai.response.system_fingerprint': answer.system_fingerprint,
    })
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it('that is streamed says so, and when its first chunk came', async () => {
    openai.answer(() => ({ text: 'one two', usage }))
    const stream = { ...request, n: 1, stream: true as const, stream_options: { include_usage: true } }
    let chunks = 0
    for await (const _chunk of await openai.client.chat.completions.create(stream)) chunks++
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
    })
    expect(getChunkGaps(span)).toHaveLength(chunks - 1)
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it('that ends in a tool call says so', async () => {
    openai.answer(() => ({ toolCalls: [{ name: 'weather', arguments: {} }] }))
    await openai.client.chat.completions.create({ model: 'gpt-4o', messages })
    expect(openai.telemetry.span('chat gpt-4o').attributes['gen_ai.response.finish_reasons']).toEqual(['tool_call'])
  })

  it('with sound asked for has speech as its output', async () => {
    await openai.client.chat.completions.create({ model: 'gpt-4o', messages, modalities: ['text', 'audio'] })
    expect(openai.telemetry.span('chat gpt-4o').attributes['gen_ai.output.type']).toBe('speech')
  })

  it('records nothing of the content unless told to', async () => {
    openai.answer(() => ({ text: 'SECRET-OUT' }))
    await openai.client.chat.completions.create({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'SECRET-SYSTEM' },
        { role: 'user', content: 'SECRET-IN' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'SECRET-TOOL', parameters: {} } }],
    })
    const seen = openai.telemetry.spans().map(({ attributes, events }) => ({ attributes, events }))
    expect(JSON.stringify([seen, openai.telemetry.logs().map((log) => log.attributes)])).not.toContain('SECRET')
  })
})

describe('a chat completion that fails', () => {
  it('has the status code as its error type, and one exception event', async () => {
    openai.answer(() => ({ fault: { kind: 'rate_limit', message: 'Too fast.' } }))
    await expect(openai.client.chat.completions.create({ model: 'gpt-4o', messages })).rejects.toThrow('429')
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: '429 Too fast.' })
    expect(span.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      ...address(),
      'openai.api.type': 'chat_completions',
      'error.type': '429',
      'agentel.error.category': 'rate_limit',
    })
    expect(openai.telemetry.logs().map((log) => [log.eventName, log.attributes['exception.type']])).toEqual([
      ['gen_ai.client.operation.exception', 'RateLimitError'],
    ])
  })

  it('in the middle of a stream keeps what came before, with `error` for the reason that did not come', async () => {
    openai.answer(() => ({ text: 'one two three four', interrupt: { how: 'drop', afterChunks: 3 } }))
    const stream = await openai.client.chat.completions.create({ model: 'gpt-4o', messages, stream: true })
    await expect(Array.fromAsync(stream)).rejects.toThrow()
    expect(openai.telemetry.span('chat gpt-4o').attributes).toMatchObject({
      'gen_ai.response.id': expect.stringMatching(/^chatcmpl-/),
      'gen_ai.response.finish_reasons': ['error'],
      'error.type': expect.any(String),
    })
  })

  it('because the caller aborted it is cancelled', async () => {
    openai.answer(() => ({ text: 'one two three four', interrupt: { how: 'hang', afterChunks: 3 } }))
    const stream = await openai.client.chat.completions.create({ model: 'gpt-4o', messages, stream: true })
    let read = 0
    for await (const _chunk of stream) if (++read === 2) stream.controller.abort()
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.attributes['error.type']).toBe('cancelled')
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'The caller aborted the request.' })
  })

  it('is no failure where the caller only stopped reading, and has then no reason of its end', async () => {
    const stream = await openai.client.chat.completions.create({ model: 'gpt-4o', messages, stream: true })
    for await (const _chunk of stream) break
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
    expect(span.attributes).not.toHaveProperty('gen_ai.response.finish_reasons')
  })
})
