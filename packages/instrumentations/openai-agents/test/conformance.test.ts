import * as agents from '@openai/agents'
import * as openai from 'openai'
import { z } from 'zod'
import { afterEach, describe, expect, it } from 'vitest'
import { configureContent } from '@agentel/api'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { OpenAIAgentsInstrumentation } from '@agentel/instrumentation-openai-agents'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { metricsEnricher } from '@agentel/processor-metrics'
import { agentReply } from '@agentel/testing'
import { checkConformance } from '@agentel/testing/conformance'
import { startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { guarded, MODEL, several } from './contract/agents.ts'
import { suite } from './contract/suite.ts'

afterEach(() => configureContent(undefined))

/** Every kind of run once: with a tool, a handoff, a guardrail that lets pass and one that stops, in a trace, with a failure. */
async function makeRuns(url: string): Promise<void> {
  const sdk = { m0: agents }
  const client = suite.createClient(sdk, url)
  const desk = new agents.Agent({ name: 'Desk', model: MODEL })
  const parameters = z.object({ city: z.string() })
  const weather = agents.tool({ name: 'weather', description: 'The weather.', parameters, execute: () => 'sunny' })
  await client.runner.run(new agents.Agent({ name: 'Forecaster', model: MODEL, tools: [weather] }), 'call weather')
  const front = new agents.Agent({ name: 'Front', model: MODEL, handoffs: [desk] })
  await client.runner.run(front, 'call transfer_to_Desk')
  await client.runner.run(guarded(sdk, false), 'hello')
  await client.runner.run(guarded(sdk, true), 'hello').catch(() => undefined)
  await agents.withTrace('office', () => several(client, sdk), { groupId: 'thread-7' })
  await client.runner.run(desk, 'fault rate_limit').catch(() => undefined)
}

const OPERATIONS = {
  chat: 8,
  invoke_agent: 8,
  invoke_workflow: 6,
  execute_tool: 1,
}

describe.each(['latest', 'v1_41'] as const)('in profile %s', (profile) => {
  it('spans, metrics and events have no findings', async () => {
    const metrics = metricsEnricher({ profile })
    const telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor([costEnricher(), metrics])],
      metricProducers: [metrics.metricProducer()],
    })
    const instrumentations = [
      new OpenAIAgentsInstrumentation({ enabled: false }),
      new OpenAIInstrumentation({ enabled: false }),
    ] as const
    instrumentations[0].manuallyInstrument(agents)
    instrumentations[1].manuallyInstrument(openai)
    configureContent({ capture: 'SPAN_AND_EVENT' })
    const server = await startModelServer({ scenario: agentReply, countTokens: (text) => text.length })
    await makeRuns(server.url)
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs() }
    const succeeded = emitted.spans.filter(({ attributes }) => attributes['error.type'] === undefined)
    expect(checkConformance({ spans: succeeded })).toEqual([])
    expect(checkConformance({ ...emitted, operations: OPERATIONS }, { expected: false })).toEqual([])
    const collected = await telemetry.metrics()
    expect(collected.length).toBeGreaterThan(5)
    expect(checkConformance({ metrics: collected }, { profile })).toEqual([])
    for (const instrumentation of instrumentations) instrumentation.disable()
    await server.close()
    await telemetry.shutdown()
  })
})
