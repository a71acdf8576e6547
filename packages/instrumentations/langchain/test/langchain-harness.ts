import * as manager from '@langchain/core/callbacks/manager'
import * as chatModels from '@langchain/core/language_models/chat_models'
import * as llms from '@langchain/core/language_models/llms'
import * as retrievers from '@langchain/core/retrievers'
import * as singletons from '@langchain/core/singletons'
import * as tools from '@langchain/core/tools'
import * as pregel from '@langchain/langgraph/pregel'
import { ChatOpenAI } from '@langchain/openai'
import * as openai from 'openai'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { configureContent, type ContentCapture } from '@agentel/api'
import { LangChainInstrumentation } from '@agentel/instrumentation-langchain'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { costEnricher } from '@agentel/processor-cost'
import { type Enricher, enricherProcessor } from '@agentel/processor-kit'
import { type ModelServer, type Scenario, startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

/** The modules that an application with a bundler hands over. */
export const MODULES = [manager, singletons, chatModels, llms, tools, retrievers, pregel]

/** The real LangChain and the real client of its model, both hooked, against the local server. */
export interface LangChainHarness {
  readonly telemetry: TestTelemetry
  readonly server: ModelServer
  /** A model of OpenAI, at the local server. */
  model(fields?: object): ChatOpenAI
  /** What the model answers from now on; the default scenario again after the test. */
  answer(scenario: Scenario): void
  /** Where content goes; nowhere again after the test. */
  capture(capture: ContentCapture): void
}

/** Sets everything up for the tests of a file and takes it down after them. `client: false`: only LangChain is hooked. */
export function useLangChain({ client = true, more = [] as readonly Enricher[] } = {}): LangChainHarness {
  const count: Scenario = () => ({ text: 'one two three' })
  let scenario = count
  const langchain = new LangChainInstrumentation({ enabled: false })
  const below = new OpenAIInstrumentation({ enabled: false })
  const harness = {
    answer: (next: Scenario) => void (scenario = next),
    capture: (capture: ContentCapture) => configureContent({ capture }),
    model: (fields: object = {}) =>
      new ChatOpenAI({
        model: 'gpt-4o',
        apiKey: 'sk-test',
        maxRetries: 0,
        configuration: { baseURL: `${harness.server.url}/v1` },
        ...fields,
      }),
  } as { -readonly [K in keyof LangChainHarness]: LangChainHarness[K] }
  beforeAll(async () => {
    harness.telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([costEnricher(), ...more])] })
    for (const module of MODULES) langchain.manuallyInstrument(module)
    if (client) below.manuallyInstrument(openai)
    harness.server = await startModelServer({
      scenario: (request) => scenario(request),
      countTokens: (text) => text.split(/\s+/).filter(Boolean).length,
    })
  })
  afterEach(() => {
    scenario = count
    configureContent(undefined)
    harness.telemetry.reset()
  })
  afterAll(async () => {
    langchain.disable()
    below.disable()
    await harness.server.close()
    await harness.telemetry.shutdown()
  })
  return harness
}
