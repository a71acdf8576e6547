import { createRequire } from 'node:module'
import { withDebug } from '@agentel/api'
import { startModelServer } from '@agentel/testing/model-server'
import { expect, it, vi } from 'vitest'
import { startAgentel } from '../src/index.ts'
import { startOtlpSink } from './otlp-sink.ts'

it('exports one request whole, its content redacted, though nothing is sampled and no content captured', async () => {
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_always_off')
  const [sink, server] = [await startOtlpSink(), await startModelServer({ scenario: () => ({ text: 'rain' }) })]
  const agentel = startAgentel({ otlp: { endpoint: sink.url, protocol: 'http/json' } })
  const { default: OpenAI } = createRequire(import.meta.url)('openai') as typeof import('openai')
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any' })
  const ask = (content: string) =>
    client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }] })
  await ask('not this')
  await withDebug(() => ask('Weather for ada@example.org?'))
  await ask('nor this')
  expect(await agentel.forceFlush()).toBe(true)
  const [span, ...more] = sink.spans()
  expect(more).toEqual([])
  expect(span?.attributes['gen_ai.input.messages']).toContain('Weather for [REDACTED:email]?')
  expect(span?.attributes['gen_ai.output.messages']).toContain('rain')
  expect(span?.attributes['agentel.tags']).toMatchObject({ values: [{ stringValue: 'debug' }] })
  await agentel.shutdown()
  await Promise.all([sink.close(), server.close()])
  vi.unstubAllEnvs()
})
