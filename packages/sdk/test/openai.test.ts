import { startModelServer, type ModelServer } from '@agentel/testing/model-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let sink: OtlpSink
let model: ModelServer
beforeEach(async () => {
  sink = await startOtlpSink()
  model = await startModelServer({ scenario: () => ({ text: 'Hello' }) })
})
afterEach(async () => {
  await model.close()
  await sink.close()
})

function env(more: Record<string, string> = {}): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: 'sk-test',
    ...more,
  }
}

const bodies = () => sink.received.map(({ body }) => body.toString()).join('\n')

describe('an application that calls the real openai client', () => {
  it.each(['chat.mjs', 'chat.cjs'])('in %s gives one priced span a call, and its metrics', async (fixture) => {
    const run = await runApp(fixture, { env: env() })
    expect(run).toEqual({ code: 0, signal: null, stdout: 'Hello\n', stderr: '' })
    const [entry] = model.ledger.entries
    expect(sink.spans()).toMatchObject([
      {
        name: 'chat gpt-4o-mini',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.usage.input_tokens': entry?.usage?.inputTokens,
          'gen_ai.usage.output_tokens': entry?.usage?.outputTokens,
          'agentel.cost.amount': expect.any(Number),
        },
      },
    ])
    expect(bodies()).toContain('gen_ai.client.inference.duration')
    expect(bodies()).toContain('agentel.client.inference.usage.cost')
    expect(bodies()).not.toContain('Say hello')
  })

  it('loses nothing when it exits as soon as it has its answer', async () => {
    const run = await runApp('chat.mjs', { env: env({ THEN_EXIT: '6', AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS: '10000' }) })
    expect(run).toEqual({ code: 6, signal: null, stdout: 'Hello\n', stderr: '' })
    expect(sink.spans()).toMatchObject([
      { name: 'chat gpt-4o-mini', attributes: { 'agentel.cost.amount': expect.any(Number) } },
    ])
    expect(bodies()).toContain('agentel.client.inference.usage.cost')
  })

  it('counts the calls that the sampler drops', async () => {
    await runApp('chat.mjs', { env: env({ OTEL_TRACES_SAMPLER: 'always_off' }) })
    expect(sink.spans()).toEqual([])
    expect(bodies()).toContain('agentel.client.inference.usage.cost')
  })

  it('records content when it is told to', async () => {
    await runApp('chat.mjs', { env: env({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_ONLY' }) })
    expect(bodies()).toContain('Say hello')
  })

  it('has its keys redacted from what is sent', async () => {
    await runApp('chat.mjs', {
      env: env({
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_ONLY',
        APP_PROMPT: 'my key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ',
      }),
    })
    expect(bodies()).toContain('my key is')
    expect(bodies()).not.toContain('abcdefghijklmnopqrstuvwxyz0123456789')
  })

  it('gets no span from an SDK that is not in the list', async () => {
    await runApp('chat.mjs', { env: env({ AGENTEL_INSTRUMENTATIONS: 'none' }) })
    expect(sink.spans()).toEqual([])
  })

  it.each(['chat.mjs', 'chat.cjs'])('in %s is left alone when agentel is disabled', async (fixture) => {
    const bare = await runApp(fixture, { env: env(), register: false })
    const off = await runApp(fixture, { env: env({ AGENTEL_DISABLED: 'true' }) })
    expect(off).toEqual(bare)
    expect(sink.received).toEqual([])
  })
})
