import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { configureContent } from '@agentel/api'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { agentelPlugs } from '@agentel/sdk'
import { checkConformance } from '@agentel/testing/conformance'
import { startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import * as openai from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUESTIONS, questionAt } from '../src/desk/questions.ts'
import { pretendedModel } from '../src/model/pretended-model.ts'

const plugs = agentelPlugs()
const telemetry = createTestTelemetry({
  spanProcessors: [plugs.spanProcessor],
  metricProducers: [plugs.metricProducer()],
})
const instrumentation = new OpenAIInstrumentation()
const outcomes: string[] = []

beforeAll(async () => {
  instrumentation.manuallyInstrument(openai)
  configureContent({ capture: 'SPAN_AND_EVENT' })
  const model = await startModelServer({ scenario: pretendedModel({ pace: 0 }), promptCacheFrom: 128 })
  // The agents make their clients when they are loaded, as an application would.
  Object.assign(process.env, { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_API_KEY: 'local' })
  const { createResearcherServer } = await import('../src/desk/researcher-server.ts')
  const { openDesk } = await import('../src/desk/desk.ts')
  const researcher = createResearcherServer().listen(0, '127.0.0.1')
  await once(researcher, 'listening')
  const desk = openDesk(`http://127.0.0.1:${(researcher.address() as AddressInfo).port}`)
  for (const index of QUESTIONS.keys()) {
    const { kind } = await desk.answer(questionAt(index)).catch(() => ({ kind: 'failed' }))
    outcomes.push(kind)
  }
  researcher.close()
  await model.close()
})

afterAll(async () => {
  configureContent(undefined)
  instrumentation.disable()
  await telemetry.shutdown()
})

describe('the telemetry of the demo', () => {
  it('comes from runs of every kind', () => {
    expect(new Set(outcomes)).toEqual(new Set(['answered', 'refused', 'failed']))
    expect(telemetry.spans().length).toBeGreaterThan(300)
  })

  it('holds to the conventions: every span, metric and event, with content', async () => {
    const emitted = { spans: telemetry.spans(), metrics: await telemetry.metrics(), logs: telemetry.logs() }
    expect(emitted.metrics.length).toBeGreaterThan(10)
    expect(emitted.logs.length).toBeGreaterThan(100)
    // The desk does not add up what its agents used: that is on the model calls inside.
    const isAgent = ({ name }: { name: string }) => name.startsWith('invoke_agent ')
    const others = { ...emitted, spans: emitted.spans.filter((span) => !isAgent(span)) }
    expect(checkConformance(others)).toEqual([])
    expect(checkConformance({ spans: emitted.spans.filter(isAgent) }, { expected: false })).toEqual([])
  })
})
