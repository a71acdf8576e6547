import * as ai from 'ai'
import { createOpenAI } from '@ai-sdk/openai'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configureContent } from '@agentel/api'
import { AiSdkInstrumentation } from '@agentel/instrumentation-ai-sdk'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { metricsEnricher } from '@agentel/processor-metrics'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { checkConformance } from '@agentel/testing/conformance'
import { startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { reply } from './contract/reply.ts'

afterEach(() => configureContent(undefined))

/** Every kind of call once: six of a language model, two of them in a loop with a tool; an embedding; a failure. */
async function makeCalls(url: string): Promise<void> {
  const openai = createOpenAI({ apiKey: 'k', baseURL: `${url}/v1` })
  const call = { model: openai.chat('gpt-4o'), maxRetries: 0, maxOutputTokens: 50 }
  const schema = z.object({ city: z.string() })
  const weather = ai.tool({ description: 'The weather.', inputSchema: schema, execute: () => 'blue' })
  await ai.generateText({ ...call, prompt: 'usage 1000 200 400 50', instructions: 'Be brief.' })
  await ai.streamText({ ...call, prompt: 'count' }).consumeStream()
  await ai.generateObject({ ...call, prompt: 'city', schema })
  for await (const _part of ai.streamObject({ ...call, prompt: 'city', schema }).partialObjectStream);
  await ai.generateText({ ...call, prompt: 'call weather', tools: { weather }, stopWhen: ai.isStepCount(2) })
  await ai.embed({ model: openai.embedding('text-embedding-3-small'), value: 'two words' })
  await ai.generateText({ ...call, prompt: 'fault rate_limit' }).catch(() => undefined)
}

/** What the SDK tells nobody of a call that embeds. */
const UNTOLD = ['gen_ai.request.encoding_formats', 'server.address'].map(
  (name) => `span embeddings text-embedding-3-small: expected attribute ${name} is missing on a successful span`,
)

describe.each(['latest', 'v1_41'] as const)('in profile %s', (profile) => {
  it('spans, metrics and events have no findings', async () => {
    const metrics = metricsEnricher({ profile })
    const telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor([reconcileEnricher(), costEnricher(), metrics])],
      metricProducers: [metrics.metricProducer()],
    })
    const instrumentation = new AiSdkInstrumentation({ enabled: false })
    instrumentation.manuallyInstrument(ai)
    configureContent({ capture: 'SPAN_AND_EVENT' })
    const server = await startModelServer({ scenario: reply, countTokens: (text) => text.length })
    await makeCalls(server.url)
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs() }
    const answered = emitted.spans.filter(({ attributes }) => attributes['error.type'] === undefined)
    const operations = { chat: 7, invoke_agent: 1, execute_tool: 1, embeddings: 1 }
    expect(checkConformance({ spans: answered }).map(({ where, message }) => `${where}: ${message}`)).toEqual(UNTOLD)
    expect(checkConformance({ ...emitted, operations }, { expected: false })).toEqual([])
    const collected = await telemetry.metrics()
    expect(collected.length).toBeGreaterThan(5)
    expect(checkConformance({ metrics: collected }, { profile })).toEqual([])
    instrumentation.disable()
    await server.close()
    await telemetry.shutdown()
  })
})
