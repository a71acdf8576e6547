import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import OpenAI, * as sdk from 'openai'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { configureContent, type ContentCapture } from '@agentel/api'
import { OpenAIInstrumentation, type OpenAIInstrumentationConfig } from '@agentel/instrumentation-openai'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { type ModelServer, type Scenario, startModelServer } from '@agentel/testing/model-server'

/** The real client, hooked, against the local server; telemetry of the current test only. */
export interface OpenAIHarness {
  readonly client: OpenAI
  readonly telemetry: TestTelemetry
  readonly instrumentation: OpenAIInstrumentation
  readonly server: ModelServer
  /** What the model answers from now on; the default scenario again after the test. */
  answer(scenario: Scenario): void
  /** Where content goes; nowhere again after the test. */
  capture(capture: ContentCapture): void
}

/** Sets everything up for the tests of a file and takes it down after them. */
export function useOpenAI(
  config: OpenAIInstrumentationConfig = {},
  spanProcessors: readonly SpanProcessor[] = [],
): OpenAIHarness {
  let scenario: Scenario
  const count: Scenario = () => ({ text: 'one two three' })
  const harness = {
    answer: (next: Scenario) => void (scenario = next),
    capture: (capture: ContentCapture) => configureContent({ capture }),
  } as { -readonly [K in keyof OpenAIHarness]: OpenAIHarness[K] }
  beforeAll(async () => {
    scenario = count
    harness.telemetry = createTestTelemetry({ spanProcessors })
    harness.instrumentation = new OpenAIInstrumentation({ ...config, enabled: false })
    harness.instrumentation.manuallyInstrument(sdk)
    harness.server = await startModelServer({
      scenario: (request) => scenario(request),
      seed: 'openai',
      countTokens: (text) => text.split(/\s+/).filter(Boolean).length,
    })
    harness.client = new OpenAI({ apiKey: 'sk-test', baseURL: `${harness.server.url}/v1`, maxRetries: 0 })
  })
  afterEach(() => {
    scenario = count
    configureContent(undefined)
    harness.telemetry.reset()
  })
  afterAll(async () => {
    harness.instrumentation.disable()
    await harness.server.close()
    await harness.telemetry.shutdown()
  })
  return harness
}
