import * as ai from 'ai'
import { createOpenAI } from '@ai-sdk/openai'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { configureContent } from '@agentel/api'
import { AiSdkInstrumentation } from '@agentel/instrumentation-ai-sdk'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { type ModelServer, type Scenario, startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

/** The real SDK, hooked, with the real provider package against the local server. */
export interface AiSdkHarness {
  readonly openai: ReturnType<typeof createOpenAI>
  readonly instrumentation: AiSdkInstrumentation
  readonly telemetry: TestTelemetry
  readonly server: ModelServer
  /** What the model answers from now on; the default scenario again after the test. */
  answer(scenario: Scenario): void
}

/** Sets everything up for the tests of a file and takes it down after them. */
export function useAiSdk(): AiSdkHarness {
  const count: Scenario = () => ({ text: 'one two three' })
  let scenario = count
  const instrumentation = new AiSdkInstrumentation({ enabled: false })
  const harness = { answer: (next: Scenario) => void (scenario = next), instrumentation } as {
    -readonly [K in keyof AiSdkHarness]: AiSdkHarness[K]
  }
  beforeAll(async () => {
    harness.telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor([reconcileEnricher(), costEnricher()])],
    })
    instrumentation.manuallyInstrument(ai)
    harness.server = await startModelServer({
      scenario: (request) => scenario(request),
      countTokens: (text) => text.split(/\s+/).filter(Boolean).length,
    })
    harness.openai = createOpenAI({ apiKey: 'sk-test', baseURL: `${harness.server.url}/v1` })
  })
  afterEach(() => {
    scenario = count
    configureContent(undefined)
    harness.telemetry.reset()
  })
  afterAll(async () => {
    instrumentation.disable()
    await harness.server.close()
    await harness.telemetry.shutdown()
  })
  return harness
}
