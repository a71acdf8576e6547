import { SpanKind } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type CallRequest,
  GateError,
  addGate,
  agent,
  configureContent,
  generation,
  retrieval,
  startRetrieval,
  wrapGeneration,
} from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const seconds = expect.toSatisfy((value: unknown) => typeof value === 'number' && value >= 0 && value < 60)
let removeGate = (): void => undefined
afterEach(() => removeGate())

const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'my_lab', 'gen_ai.request.model': 'm1' }
const options = {
  provider: 'my_lab',
  model: 'm1',
  maxTokens: 100,
  temperature: 0,
  stream: true,
  server: { address: 'models.example', port: 8443 },
  input: [{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }],
}
const answer = {
  id: 'r1',
  model: 'm1-2026',
  finishReasons: ['stop'],
  timeToFirstChunk: 0.2,
  usage: {
    inputTokens: 10,
    outputTokens: 2,
    cacheReadInputTokens: 4,
    cacheWriteInputTokens: 1,
    reasoningOutputTokens: 1,
  },
  output: [{ role: 'assistant', parts: [{ type: 'text', content: 'hi' }] }],
}

describe('generation', () => {
  it('is a client span and two events', async () => {
    await generation(options, async (handle) => handle.response(answer))
    const span = telemetry.span('chat m1')
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.attributes).toEqual({
      ...call,
      'gen_ai.request.max_tokens': 100,
      'gen_ai.request.temperature': 0,
      'gen_ai.request.stream': true,
      'server.address': 'models.example',
      'server.port': 8443,
      'gen_ai.response.id': 'r1',
      'gen_ai.response.model': 'm1-2026',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0.2,
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 2,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.cache_write.input_tokens': 1,
      'gen_ai.usage.reasoning.output_tokens': 1,
    })
    expect(eventsOf(telemetry)).toEqual([
      ['agentel.request', 9, { ...call, 'agentel.content.length': JSON.stringify(options.input).length }],
      [
        'agentel.response',
        9,
        {
          ...call,
          'gen_ai.response.model': 'm1-2026',
          'gen_ai.usage.input_tokens': 10,
          'gen_ai.usage.output_tokens': 2,
          'gen_ai.usage.cache_read.input_tokens': 4,
          'gen_ai.usage.cache_write.input_tokens': 1,
          'gen_ai.usage.reasoning.output_tokens': 1,
          'agentel.duration': seconds,
          'agentel.content.length': JSON.stringify(answer.output).length,
        },
      ],
    ])
  })

  it('holds messages when content is on', () => {
    configureContent({ capture: 'SPAN_AND_EVENT' })
    generation(options, (handle) => handle.response(answer))
    const { attributes } = telemetry.span('chat m1')
    expect(attributes['gen_ai.input.messages']).toBe(JSON.stringify(options.input))
    expect(attributes['gen_ai.output.messages']).toBe(JSON.stringify(answer.output))
    expect(telemetry.logs().map((record) => record.attributes['agentel.content.preview'])).toEqual([
      JSON.stringify(options.input),
      JSON.stringify(answer.output),
    ])
  })

  it('is stopped by a gate, which is told what is known of the call', () => {
    const seen: CallRequest[] = []
    removeGate = addGate((request) => {
      seen.push(request)
      throw new GateError('budget', 'spent')
    })
    const ask = wrapGeneration(() => 'answer', options)
    expect(() => agent('a', ask)).toThrow('spent')
    expect(seen).toEqual([
      {
        operation: 'chat',
        provider: 'my_lab',
        model: 'm1',
        agent: 'a',
        maxOutputTokens: 100,
        context: expect.anything(),
      },
    ])
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['invoke_agent a'])
  })

  it('that fails has the category api', () => {
    expect(() =>
      generation(options, () => {
        throw new Error('refused')
      }),
    ).toThrow('refused')
    expect(telemetry.span('chat m1').attributes).toMatchObject({
      'error.type': 'Error',
      'agentel.error.category': 'api',
    })
  })
})

describe('retrieval', () => {
  it('is a client span; query and documents are content', () => {
    const asked = {
      dataSourceId: 'handbook',
      topK: 3,
      query: 'refunds',
      provider: 'pg',
      model: 'e1',
      server: { address: 'db' },
    }
    const known = {
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.data_source.id': 'handbook',
      'gen_ai.provider.name': 'pg',
      'gen_ai.request.model': 'e1',
      'gen_ai.retrieval.top_k': 3,
      'server.address': 'db',
    }
    const found = [{ id: 'd1', score: 0.9, text: 'the whole text' }]
    retrieval(asked, (search) => search.documents(found))
    expect(telemetry.span('retrieval handbook').attributes).toEqual(known)
    expect(telemetry.span('retrieval handbook').kind).toBe(SpanKind.CLIENT)
    telemetry.reset()
    configureContent({ capture: 'SPAN_ONLY' })
    const search = startRetrieval(asked)
    search.documents(found)
    search.end()
    expect(telemetry.span('retrieval handbook').attributes).toEqual({
      ...known,
      'gen_ai.retrieval.query.text': 'refunds',
      'gen_ai.retrieval.documents': '[{"id":"d1","score":0.9}]',
    })
  })
})
