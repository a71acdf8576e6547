import Anthropic, * as sdk from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { configureContent, type ContentSettings } from '@agentel/api'
import { AnthropicInstrumentation } from '@agentel/instrumentation-anthropic'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { type ModelServer, type Scenario, startModelServer } from '@agentel/testing/model-server'

/** The real client, hooked, against the local server; telemetry of the current test only. */
export interface AnthropicHarness {
  /** Makes no spans itself: ours are seen. */
  readonly client: Anthropic
  /** Makes its own spans, which we complete. */
  readonly native: Anthropic
  readonly telemetry: TestTelemetry
  readonly server: ModelServer
  /** What the model answers from now on; the default scenario again after the test. */
  answer(scenario: Scenario): void
  /** Content settings; those of the environment again after the test. */
  configure(settings: Partial<ContentSettings>): void
}

/** Sets everything up for the tests of a file and takes it down after them. */
export function useAnthropic(): AnthropicHarness {
  const count: Scenario = () => ({ text: 'one two three' })
  let scenario = count
  const harness = {
    answer: (next: Scenario) => void (scenario = next),
    configure: (settings: Partial<ContentSettings>) => configureContent(settings),
  } as { -readonly [K in keyof AnthropicHarness]: AnthropicHarness[K] }
  const instrumentation = new AnthropicInstrumentation({ enabled: false })
  beforeAll(async () => {
    harness.telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor([reconcileEnricher(), costEnricher()])],
    })
    instrumentation.manuallyInstrument(sdk)
    harness.server = await startModelServer({
      scenario: (request) => scenario(request),
      seed: 'anthropic',
      countTokens: (text) => text.split(/\s+/).filter(Boolean).length,
    })
    const options = { apiKey: 'sk-test', baseURL: harness.server.url, maxRetries: 0 }
    harness.client = new Anthropic({ ...options, openTelemetry: false })
    harness.native = new Anthropic(options)
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
