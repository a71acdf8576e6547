import Anthropic, * as sdk from '@anthropic-ai/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { configureContent } from '@agentel/api'
import { AnthropicInstrumentation } from '@agentel/instrumentation-anthropic'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { metricsEnricher } from '@agentel/processor-metrics'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { checkConformance } from '@agentel/testing/conformance'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { startModelServer } from '@agentel/testing/model-server'
import { reply } from './contract/reply.ts'
import { readAll, readSome, say, sayStreamed, weatherTool } from './contract/requests.ts'

afterEach(() => configureContent(undefined))

/** Every kind of call once: six that succeed, one that is left early, one that fails. */
async function makeCalls(client: Anthropic): Promise<void> {
  await client.messages.create(say('count', { system: 'Be brief.' }))
  await client.messages.create(say('think hard'))
  await client.beta.messages.create({ ...say('usage 1000 200 400 100'), betas: [] })
  await readAll(await client.messages.create(sayStreamed('count')))
  await client.messages.stream(say('count')).finalMessage()
  await client.messages.create(say('call weather', { tools: [{ name: 'weather', input_schema: { type: 'object' } }] }))
  await readSome(await client.messages.create(sayStreamed('count')), 4)
  await client.messages.create(say('fault rate_limit')).catch(() => undefined)
}

describe.each(['latest', 'v1_41'] as const)('in profile %s', (profile) => {
  it.each([
    ['ours', false],
    ["the client's own", true],
  ])('spans, metrics and events have no findings where the spans are %s', async (_whose, native) => {
    const metrics = metricsEnricher({ profile })
    const enrichers = [reconcileEnricher(), costEnricher(), metrics]
    const telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor(enrichers)],
      metricProducers: [metrics.metricProducer()],
    })
    const instrumentation = new AnthropicInstrumentation({ enabled: false })
    instrumentation.manuallyInstrument(sdk)
    configureContent({ capture: 'SPAN_AND_EVENT' })
    const server = await startModelServer({ scenario: reply, countTokens: (text) => text.length })
    const options = { apiKey: 'k', baseURL: server.url, maxRetries: 0 }
    const client = new Anthropic(native ? options : { ...options, openTelemetry: false })
    await makeCalls(client)
    // The tool runner's loop is the client's affair; that it gives no finding in the rounds is shown here.
    if (!native)
      await client.beta.messages.toolRunner({ ...say('call weather'), tools: [weatherTool()] }).runUntilDone()
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs() }
    const complete = emitted.spans.filter(
      ({ attributes }) => attributes['gen_ai.response.finish_reasons'] !== undefined,
    )
    expect(checkConformance({ spans: complete })).toEqual([])
    expect(checkConformance({ ...emitted, operations: { chat: native ? 8 : 10 } }, { expected: false })).toEqual([])
    const collected = await telemetry.metrics()
    expect(collected.length).toBeGreaterThan(5)
    expect(checkConformance({ metrics: collected }, { profile })).toEqual([])
    instrumentation.disable()
    await server.close()
    await telemetry.shutdown()
  })
})
