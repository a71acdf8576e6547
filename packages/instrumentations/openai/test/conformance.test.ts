import OpenAI, * as sdk from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { configureContent } from '@agentel/api'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { metricsEnricher } from '@agentel/processor-metrics'
import { checkConformance } from '@agentel/testing/conformance'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { startModelServer } from '@agentel/testing/model-server'
import { reply } from './contract/reply.ts'
import { CITY, say, sayStreamed, weatherTool } from './contract/requests.ts'
import { readAll, readSome } from './contract/read-stream.ts'

afterEach(() => configureContent(undefined))

/** Every kind of call once, one that is left early and one that fails among them. */
async function makeCalls(client: OpenAI): Promise<void> {
  const { completions } = client.chat
  await completions.create(say('count', { temperature: 0.5, n: 2 }))
  await completions.create(say('usage 1000 200 400'))
  await readAll(await completions.create(sayStreamed('count')))
  await completions.parse(say('city', { response_format: CITY }))
  await completions.stream(sayStreamed('count')).finalContent()
  await completions.runTools({ ...say('call weather'), tools: [weatherTool()] }).finalContent()
  await readSome(await completions.create(sayStreamed('count')), 2)
  await completions.create(say('fault rate_limit')).catch(() => undefined)
  const { id } = await client.responses.create({ model: 'gpt-4o', input: 'count', instructions: 'Be brief.' })
  await readAll(await client.responses.create({ model: 'gpt-4o', input: 'count', stream: true }))
  await client.responses.retrieve(id)
  await client.embeddings.create({ model: 'text-embedding-3-small', input: 'a', dimensions: 4 })
}

/** One span a round of runTools(). */
const OPERATIONS = { chat: 11, fetch_response: 1, embeddings: 1 }

describe.each(['latest', 'v1_41'] as const)('in profile %s', (profile) => {
  it('spans, metrics and events have no findings', async () => {
    const metrics = metricsEnricher({ profile })
    const enrichers = [costEnricher(), metrics]
    const telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor(enrichers)],
      metricProducers: [metrics.metricProducer()],
    })
    const instrumentation = new OpenAIInstrumentation({ enabled: false })
    instrumentation.manuallyInstrument(sdk)
    configureContent({ capture: 'SPAN_AND_EVENT' })
    const server = await startModelServer({ scenario: reply, countTokens: (text) => text.length })
    const client = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 })
    await makeCalls(client)
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs() }
    const complete = emitted.spans.filter(({ attributes }) => attributes['gen_ai.usage.output_tokens'] !== undefined)
    expect(checkConformance({ spans: complete })).toEqual([])
    expect(checkConformance({ ...emitted, operations: OPERATIONS }, { expected: false })).toEqual([])
    const collected = await telemetry.metrics()
    expect(collected.length).toBeGreaterThan(5)
    expect(checkConformance({ metrics: collected }, { profile })).toEqual([])
    instrumentation.disable()
    await server.close()
    await telemetry.shutdown()
  })
})
