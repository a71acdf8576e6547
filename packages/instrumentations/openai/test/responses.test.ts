import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { checkConformance } from '@agentel/testing/conformance'
import { readFetchedResponse, readFetchRequest } from '../src/fetch-response.ts'
import { reduceResponsesEvent } from '../src/response-events.ts'
import { readResponsesFailure, readResponsesRequest, readResponsesResponse } from '../src/responses.ts'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI()
const destination = { provider: 'openai' }
const address = () => ({ 'server.address': '127.0.0.1', 'server.port': openai.server.port })

describe('a response', () => {
  it('is one span with all that was asked and answered', async () => {
    openai.answer(() => ({
      text: 'one',
      usage: { inputTokens: 30, outputTokens: 8, cachedTokens: 10, reasoningTokens: 3 },
    }))
    const answer = await openai.client.responses.create({
      model: 'gpt-4o',
      input: 'count',
      max_output_tokens: 90,
      temperature: 0.4,
      top_p: 0.8,
      reasoning: { effort: 'high' },
      text: { format: { type: 'text' } },
      service_tier: 'default',
    })
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      ...address(),
      'gen_ai.request.max_tokens': 90,
      'gen_ai.request.temperature': 0.4,
      'gen_ai.request.top_p': 0.8,
      'gen_ai.request.reasoning.level': 'high',
      'gen_ai.output.type': 'text',
      'openai.api.type': 'responses',
      'openai.request.service_tier': 'default',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': answer.model,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 8,
      'gen_ai.usage.cache_read.input_tokens': 10,
      'gen_ai.usage.reasoning.output_tokens': 3,
      'openai.response.service_tier': answer.service_tier,
    })
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it.each([
    ['cut', { afterChunks: 7, how: 'drop' }, ['error']],
    ['left', undefined, undefined],
  ] as const)('of which the stream is %s keeps what had come', async (_, interrupt, reasons) => {
    openai.capture('SPAN_ONLY')
    openai.answer(() => ({ text: 'one two three four five six', ...(interrupt && { interrupt }) }))
    const stream = await openai.client.responses.create({ model: 'gpt-4o', input: 'count', stream: true })
    try {
      for await (const event of stream)
        if (interrupt === undefined && event.type === 'response.output_text.delta' && event.delta.includes('two')) break
    } catch {
      // It was cut.
    }
    const { attributes } = openai.telemetry.span('chat gpt-4o')
    expect(attributes['gen_ai.response.finish_reasons']).toEqual(reasons)
    const [message] = JSON.parse(attributes['gen_ai.output.messages'] as string)
    expect(message).toEqual({
      role: 'assistant',
      parts: [{ type: 'text', content: expect.stringMatching(/^one two/) }],
    })
    expect(message.parts[0].content).not.toContain('six')
  })

  it('puts together its items until the last event has all of them', () => {
    const text = { type: 'message', content: [{ type: 'output_text', text: 'one two' }] }
    const call = { type: 'function_call', call_id: 'call_1', name: 'sql' }
    const events = [
      { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } },
      { type: 'response.output_text.delta', output_index: 0, delta: 'one ' },
      { type: 'response.output_text.delta', output_index: 0, delta: 'two' },
      { type: 'response.output_item.done', output_index: 2, item: call },
    ]
    const so = events.reduce<unknown>((answer, event) => reduceResponsesEvent(answer, event, true), undefined)
    expect(so).toMatchObject({ id: 'resp_1', output: [text, call] })
    const failed = { type: 'response.failed', response: { id: 'resp_1', status: 'failed', output: [] } }
    expect(reduceResponsesEvent(so, failed, true)).toMatchObject({ status: 'failed', output: [text, call] })
    const whole = { id: 'resp_1', status: 'completed', output: [text] }
    expect(reduceResponsesEvent(so, { response: whole }, true)).toBe(whole)
    expect(events.reduce<unknown>((answer, event) => reduceResponsesEvent(answer, event, false), undefined)).toBe(
      events[0]!.response,
    )
  })

  it('counts the searches that OpenAI ran and bills, but not the pages that it opened', () => {
    const output = [
      { type: 'web_search_call', action: { type: 'search' } },
      { type: 'web_search_call' },
      { type: 'web_search_call', action: { type: 'open_page' } },
      { type: 'file_search_call' },
      { type: 'message' },
    ]
    expect(readResponsesResponse({ output }, destination, 'complete')).toEqual({
      'agentel.usage.web_searches': 2,
      'agentel.usage.file_searches': 1,
    })
  })

  it('that continues another, in a conversation, names both', () => {
    const { attributes } = readResponsesRequest(
      [{ model: 'gpt-4o', previous_response_id: 'resp_1', conversation: { id: 'conv_1' } }],
      destination,
    )
    expect(attributes).toEqual({
      'gen_ai.request.previous_response.id': 'resp_1',
      'gen_ai.conversation.id': 'conv_1',
      'openai.api.type': 'responses',
    })
    expect(readResponsesRequest([{ conversation: 'conv_2' }], destination).attributes).toMatchObject({
      'gen_ai.conversation.id': 'conv_2',
    })
  })

  it.each([
    [{ status: 'completed', output: [{ type: 'message' }] }, ['stop']],
    [{ status: 'completed', output: [{ type: 'function_call' }] }, ['tool_call']],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, ['length']],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, ['content_filter']],
    [{ status: 'failed' }, ['error']],
    [{ status: 'cancelled' }, ['error']],
    [{ status: 'in_progress' }, undefined],
    [{ status: 'queued' }, undefined],
  ])('with %j ended for %j', (response, reasons) => {
    expect(readResponsesResponse(response, destination, 'complete')['gen_ai.response.finish_reasons']).toEqual(reasons)
  })

  it('that failed with HTTP status 200 is an error, with the code as its type', () => {
    const failed = { status: 'failed', error: { code: 'server_error', message: 'It broke.' } }
    expect(readResponsesFailure(failed)).toEqual({ type: 'server_error', message: 'It broke.' })
    expect(readResponsesFailure({ status: 'completed' })).toBeUndefined()
  })

  it('that failed in its stream makes the span an error', async () => {
    openai.answer(() => ({
      headers: { 'content-type': 'application/json' },
      rawBody: JSON.stringify({
        id: 'resp_1',
        object: 'response',
        model: 'gpt-4o',
        status: 'failed',
        error: { code: 'server_error', message: 'It broke.' },
        output: [],
      }),
    }))
    await openai.client.responses.create({ model: 'gpt-4o', input: 'count' })
    const span = openai.telemetry.span('chat gpt-4o')
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'It broke.' })
    expect(span.attributes).toMatchObject({ 'error.type': 'server_error', 'gen_ai.response.finish_reasons': ['error'] })
  })
})

describe('a response that is fetched again', () => {
  it('is a span of its own, without usage', async () => {
    const made = await openai.client.responses.create({ model: 'gpt-4o', input: 'count' })
    openai.telemetry.reset()
    await openai.client.responses.retrieve(made.id)
    expect(openai.telemetry.span('fetch_response').attributes).toEqual({
      'gen_ai.operation.name': 'fetch_response',
      'gen_ai.provider.name': 'openai',
      ...address(),
      'gen_ai.response.id': made.id,
      'gen_ai.response.model': made.model,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.status': 'completed',
    })
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it('as a stream from a cursor names the cursor', () => {
    expect(readFetchRequest(['resp_1', { stream: true, starting_after: 12 }])).toEqual({
      streaming: true,
      attributes: { 'gen_ai.response.id': 'resp_1', 'gen_ai.request.stream_cursor': '12' },
    })
    expect(readFetchedResponse({ id: 'resp_1', status: 'in_progress', model: 'gpt-4o' })).toEqual({
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.model': 'gpt-4o',
      'gen_ai.response.status': 'in_progress',
    })
  })
})

describe('embeddings', () => {
  it('are one span with the dimensions that came, whatever was asked', async () => {
    const answer = await openai.client.embeddings.create({ model: 'text-embedding-3-small', input: 'a', dimensions: 8 })
    expect(openai.telemetry.span('embeddings text-embedding-3-small').attributes).toEqual({
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'text-embedding-3-small',
      ...address(),
      'gen_ai.request.encoding_formats': ['base64'],
      'gen_ai.response.model': answer.model,
      'gen_ai.usage.input_tokens': answer.usage.prompt_tokens,
      'gen_ai.embeddings.dimension.count': 8,
    })
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it.each(['base64', 'float'] as const)('asked for as %s have their dimensions counted too', async (format) => {
    const request = { model: 'text-embedding-3-small', input: 'a', dimensions: 8, encoding_format: format }
    await openai.client.embeddings.create(request)
    expect(openai.telemetry.span('embeddings text-embedding-3-small').attributes).toMatchObject({
      'gen_ai.request.encoding_formats': [format],
      'gen_ai.embeddings.dimension.count': 8,
    })
  })
})
