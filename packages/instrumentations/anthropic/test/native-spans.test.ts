import { SpanStatusCode, trace } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { agent, getChunkGaps } from '@agentel/api'
import { checkConformance } from '@agentel/testing/conformance'
import { useAnthropic } from './anthropic-harness.ts'

const anthropic = useAnthropic()
const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  temperature: 0.2,
  messages: [{ role: 'user' as const, content: 'count' }],
}
const usage = { inputTokens: 1000, outputTokens: 200, cachedTokens: 400, cacheWriteTokens: 100, reasoningTokens: 0 }
/** What the client writes besides our names. */
const foreign = ['anthropic.', 'http.', 'url.']

describe('a span that the client makes itself', () => {
  it('is the only one, in our name, priced, with finish reasons and what the client leaves out', async () => {
    anthropic.answer(() => ({ text: 'four', usage }))
    const answer = await anthropic.native.messages.create(request)
    const [span, ...others] = anthropic.telemetry.spans()
    expect(others).toEqual([])
    expect(span!.name).toBe('chat claude-haiku-4-5')
    expect(span!.status).toEqual({ code: SpanStatusCode.UNSET })
    expect(span!.instrumentationScope.name).toBe('com.anthropic.sdk.typescript')
    const ours = Object.entries(span!.attributes).filter(([key]) => !foreign.some((start) => key.startsWith(start)))
    expect(Object.fromEntries(ours)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-haiku-4-5',
      'gen_ai.request.max_tokens': 50,
      'gen_ai.request.temperature': 0.2,
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.cache_write.input_tokens': 100,
      'gen_ai.usage.output_tokens': 200,
      'agentel.cost.amount': expect.any(Number),
    })
    expect(checkConformance({ spans: [span!] })).toEqual([])
  })

  it('has the gaps between its chunks for the metrics', async () => {
    await anthropic.native.messages.stream(request).finalMessage()
    const span = anthropic.telemetry.span('chat claude-haiku-4-5')
    expect(getChunkGaps(span as never)?.length).toBeGreaterThan(3)
    expect(span.attributes['gen_ai.request.stream']).toBe(true)
  })

  it('has content by our rules: none by default, and as JSON of the conventions when it is captured', async () => {
    await anthropic.native.messages.create(request)
    expect(Object.keys(anthropic.telemetry.span('chat claude-haiku-4-5').attributes)).not.toContain(
      'gen_ai.input.messages',
    )
    anthropic.telemetry.reset()
    anthropic.configure({ capture: 'SPAN_AND_EVENT' })
    await anthropic.native.messages.create(request)
    const span = anthropic.telemetry.span('chat claude-haiku-4-5')
    expect(JSON.parse(span.attributes['gen_ai.output.messages'] as string)).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'one two three' }] },
    ])
    const [event] = anthropic.telemetry.logs()
    expect(event!.eventName).toBe('gen_ai.client.inference.operation.details')
    expect(event!.spanContext?.spanId).toBe(span.spanContext().spanId)
  })

  it('counts for the agent around it', async () => {
    anthropic.answer(() => ({ text: 'four', usage }))
    await agent({ name: 'counter' }, async () => void (await anthropic.native.messages.create(request)))
    expect(anthropic.telemetry.span('invoke_agent counter').attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 200,
    })
  })

  it('is not mistaken for one that the application makes inside the call', async () => {
    const inside = new (anthropic.native.constructor as typeof import('@anthropic-ai/sdk').Anthropic)({
      apiKey: 'k',
      baseURL: anthropic.server.url,
      fetch: (...args) => {
        trace.getTracer('application').startSpan('inside').end()
        return fetch(...args)
      },
    })
    await inside.messages.create(request)
    expect(anthropic.telemetry.span('inside').attributes).toEqual({})
  })

  it('of a failure keeps the client’s word for it', async () => {
    anthropic.answer(() => ({ fault: { kind: 'rate_limit' } }))
    await expect(anthropic.native.messages.create(request)).rejects.toThrow()
    const span = anthropic.telemetry.span('chat claude-haiku-4-5')
    expect(span.status.code).toBe(SpanStatusCode.ERROR)
    expect(span.attributes['error.type']).toBe('rate_limit_error')
  })
})
