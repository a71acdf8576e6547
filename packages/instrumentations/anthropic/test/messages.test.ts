import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { addGate, GateError } from '@agentel/api'
import { checkConformance } from '@agentel/testing/conformance'
import { readDestination } from '../src/destination.ts'
import { reduceMessageEvent } from '../src/message-events.ts'
import { readMessagesRequest, readMessagesResponse } from '../src/messages.ts'
import { useAnthropic } from './anthropic-harness.ts'

const anthropic = useAnthropic()
const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  temperature: 0.2,
  top_p: 0.9,
  top_k: 40,
  stop_sequences: ['END'],
  output_config: { effort: 'low' as const, format: { type: 'json_schema' as const, schema: { type: 'object' } } },
  messages: [{ role: 'user' as const, content: 'count' }],
}
const usage = {
  inputTokens: 1000,
  outputTokens: 200,
  cachedTokens: 400,
  cacheWriteTokens: 100,
  cacheWrite1hTokens: 60,
  reasoningTokens: 50,
}

/** What a call with this request and this usage has on its span. */
const expected = (answer: { id: string; model: string }) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'claude-haiku-4-5',
  'server.address': '127.0.0.1',
  'server.port': anthropic.server.port,
  'gen_ai.request.max_tokens': 50,
  'gen_ai.request.temperature': 0.2,
  'gen_ai.request.top_p': 0.9,
  'gen_ai.request.top_k': 40,
  'gen_ai.request.stop_sequences': ['END'],
  'gen_ai.request.reasoning.level': 'low',
  'gen_ai.output.type': 'json',
  'gen_ai.response.id': answer.id,
  'gen_ai.response.model': 'claude-haiku-4-5-20251001',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 200,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.cache_write.input_tokens': 100,
  'gen_ai.usage.reasoning.output_tokens': 50,
  'agentel.usage.cache_write_1h.input_tokens': 60,
})

describe('a message', () => {
  it('is one CLIENT span with all that was asked and answered', async () => {
    anthropic.answer(() => ({ text: '{}', usage }))
    const answer = await anthropic.client.messages.create(request)
    const span = anthropic.telemetry.span('chat claude-haiku-4-5')
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
    expect(span.instrumentationScope.name).toBe('@agentel/instrumentation-anthropic')
    expect(span.attributes).toMatchObject(expected(answer))
    const priced = Object.keys(span.attributes).filter((key) => !(key in expected(answer)))
    expect(priced.every((key) => key.startsWith('agentel.cost.'))).toBe(true)
    expect(checkConformance({ spans: anthropic.telemetry.spans() })).toEqual([])
  })

  it('of the beta resource is the same span', async () => {
    anthropic.answer(() => ({ text: '{}', usage }))
    const answer = await anthropic.client.beta.messages.create({ ...request, betas: [] } as never)
    expect(anthropic.telemetry.span('chat claude-haiku-4-5').attributes).toMatchObject(expected(answer as never))
  })

  it('that is streamed has the times of its chunks as well', async () => {
    anthropic.answer(() => ({ text: '{}', usage }))
    const message = await anthropic.client.messages.stream(request).finalMessage()
    const { attributes } = anthropic.telemetry.span('chat claude-haiku-4-5')
    expect(attributes).toMatchObject({ ...expected(message), 'gen_ai.request.stream': true })
    expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0)
    expect(checkConformance({ spans: anthropic.telemetry.spans() })).toEqual([])
  })

  it('has the tokens of a context that was shortened on the way, which its totals leave out', async () => {
    const iterations = [
      {
        type: 'compaction',
        input_tokens: 1800,
        output_tokens: 35,
        cache_read_input_tokens: 9,
        cache_creation_input_tokens: 7,
      },
      { type: 'message', input_tokens: 20, output_tokens: 10 },
    ]
    const totals = {
      input_tokens: 20,
      output_tokens: 10,
      cache_read_input_tokens: 1,
      cache_creation_input_tokens: null,
    }
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-4-5', content: [] }
    const answer = { ...message, stop_reason: 'end_turn', usage: { ...totals, iterations } }
    anthropic.answer(() => ({ rawBody: JSON.stringify(answer) }))
    await anthropic.client.beta.messages.create({ ...request, betas: [] } as never)
    expect(anthropic.telemetry.span('chat claude-haiku-4-5').attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 1837,
      'gen_ai.usage.output_tokens': 45,
      'gen_ai.usage.cache_read.input_tokens': 10,
      'gen_ai.usage.cache_write.input_tokens': 7,
    })
  })

  it.each([
    ['standard', undefined],
    ['batch', 'batch'],
    ['priority', 'priority'],
    [null, undefined],
  ])('billed by the tier %s has %s for it', (service_tier, tier) => {
    const usage = { input_tokens: 1000, output_tokens: 500, service_tier }
    const attributes = readMessagesResponse({ usage }, { provider: 'anthropic' }, 'complete')
    expect(attributes['agentel.usage.service_tier']).toBe(tier)
  })

  it.each([
    [{ speed: 'standard', inference_geo: 'global', service_tier: 'standard' }, undefined],
    [{ speed: null, inference_geo: 'not_available', service_tier: null }, undefined],
    [{ speed: 'fast', service_tier: 'standard' }, 'fast'],
    [{ inference_geo: 'us' }, 'us'],
    [{ inference_geo: 'us', service_tier: 'batch' }, 'batch_us'],
    [{ speed: 'fast', inference_geo: 'us', service_tier: 'priority' }, 'priority_fast_us'],
    [{ speed: 7, inference_geo: { a: 1 }, service_tier: [] }, undefined],
  ])('that was bought as %j is billed by the tier %s', (bought, tier) => {
    const usage = { input_tokens: 1000, output_tokens: 500, ...bought }
    const attributes = readMessagesResponse({ usage }, { provider: 'anthropic' }, 'complete')
    expect(attributes['agentel.usage.service_tier']).toBe(tier)
  })

  it('that failed has an error type, an exception event and no answer', async () => {
    anthropic.answer(() => ({ fault: { kind: 'overloaded' } }))
    await expect(anthropic.client.messages.create(request)).rejects.toThrow('Overloaded')
    const span = anthropic.telemetry.span('chat claude-haiku-4-5')
    expect(span.status.code).toBe(SpanStatusCode.ERROR)
    expect(span.attributes['error.type']).toBe('529')
    expect(anthropic.telemetry.logs().map(({ eventName }) => eventName)).toEqual(['gen_ai.client.operation.exception'])
    expect(checkConformance({ spans: [span], logs: anthropic.telemetry.logs() })).toEqual([])
  })

  it('that a gate stops is rejected by a promise of the client’s own kind, and nothing is sent', async () => {
    const remove = addGate(() => {
      throw new GateError('budget', 'not today')
    })
    const before = anthropic.server.ledger.entries.length
    const promise = anthropic.client.messages.create(request)
    remove()
    expect(typeof promise.withResponse).toBe('function')
    await expect(promise).rejects.toThrow('not today')
    expect(anthropic.server.ledger.entries.length).toBe(before)
    expect(anthropic.telemetry.span('chat claude-haiku-4-5').status.code).toBe(SpanStatusCode.ERROR)
  })
})

describe('the reason of the end', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool_call'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'pause_turn'],
  ])('%s is %s', (given, reason) => {
    const attributes = readMessagesResponse({ stop_reason: given }, { provider: 'anthropic' }, 'complete')
    expect(attributes['gen_ai.response.finish_reasons']).toEqual([reason])
  })

  it('that never came is an error, and none where the caller left', () => {
    const answer = { id: 'msg_1' }
    const provider = { provider: 'anthropic' }
    expect(readMessagesResponse(answer, provider, 'failed')['gen_ai.response.finish_reasons']).toEqual(['error'])
    expect(readMessagesResponse(answer, provider, 'left')['gen_ai.response.finish_reasons']).toBeUndefined()
  })
})

describe('the provider', () => {
  const at = (baseURL: string) => readDestination({ _client: { baseURL } }).provider

  it.each([
    ['https://api.anthropic.com', 'anthropic'],
    ['https://proxy.example.com', 'anthropic'],
    ['https://bedrock-runtime.eu-west-1.amazonaws.com', 'aws.bedrock'],
    ['https://europe-west1-aiplatform.googleapis.com/v1', 'gcp.vertex_ai'],
    ['https://mine.services.ai.azure.com/anthropic', 'azure.ai.inference'],
  ])('at %s is %s', (baseURL, provider) => expect(at(baseURL)).toBe(provider))

  it('is what the client’s own class says, wherever it points', () => {
    class AnthropicBedrock {
      baseURL = 'https://gateway.example.com'
    }
    expect(readDestination({ _client: new AnthropicBedrock() }).provider).toBe('aws.bedrock')
    expect(readDestination(undefined)).toEqual({ provider: 'anthropic' })
  })
})

it('a request of any shape is read without a throw', () => {
  for (const params of [undefined, null, 1, {}, { model: 1, messages: null, output_config: null }])
    expect(readMessagesRequest([params])).toEqual({ model: undefined, streaming: false, attributes: {} })
})

it('totals that a stream’s end leaves null do not replace those of its beginning', () => {
  const started = { type: 'message_start', message: { usage: { input_tokens: 5, cache_read_input_tokens: 3 } } }
  const ended = { type: 'message_delta', usage: { output_tokens: 2, cache_read_input_tokens: null } }
  const { usage } = reduceMessageEvent(reduceMessageEvent(undefined, started, false), ended, false)
  expect(usage).toEqual({ input_tokens: 5, cache_read_input_tokens: 3, output_tokens: 2 })
})
