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
const MODULES = [manager, singletons, chatModels, llms, tools, retrievers, pregel]

/** What is hooked, and how. */
export interface HookOptions {
  /** `false`: only LangChain is hooked, and not the client of its models. */
  readonly client?: boolean
  /** After the cost. */
  readonly more?: readonly Enricher[]
  readonly capture?: ContentCapture
}

/** Hooks the real LangChain, and the real client of its models. */
export function hookLangChain({ client = true, more = [], capture }: HookOptions = {}) {
  const langchain = new LangChainInstrumentation({ enabled: false })
  const below = new OpenAIInstrumentation({ enabled: false })
  for (const module of MODULES) langchain.manuallyInstrument(module)
  if (client) below.manuallyInstrument(openai)
  configureContent(capture === undefined ? undefined : { capture })
  return {
    processor: enricherProcessor([costEnricher(), ...more]),
    unhook() {
      langchain.disable()
      below.disable()
      configureContent(undefined)
    },
  }
}

/** A model of OpenAI, at the local server. */
export function modelAt(url: string, fields: object = {}): ChatOpenAI {
  const configuration = { baseURL: `${url}/v1` }
  return new ChatOpenAI({ model: 'gpt-4o', apiKey: 'sk-test', maxRetries: 0, configuration, ...fields })
}

/** All of it against the local server; telemetry of the current test only. */
export interface LangChainHarness {
  readonly telemetry: TestTelemetry
  readonly server: ModelServer
  model(fields?: object): ChatOpenAI
  /** What the model answers from now on; the default scenario again after the test. */
  answer(scenario: Scenario): void
  /** Where content goes; nowhere again after the test. */
  capture(capture: ContentCapture): void
}

/** Sets everything up for the tests of a file and takes it down after them. */
export function useLangChain(options: HookOptions = {}): LangChainHarness {
  const count: Scenario = () => ({ text: 'one two three' })
  let scenario = count
  let hooked: ReturnType<typeof hookLangChain>
  const harness = {
    answer: (next: Scenario) => void (scenario = next),
    capture: (capture: ContentCapture) => configureContent({ capture }),
    model: (fields?: object) => modelAt(harness.server.url, fields),
  } as { -readonly [K in keyof LangChainHarness]: LangChainHarness[K] }
  beforeAll(async () => {
    hooked = hookLangChain(options)
    harness.telemetry = createTestTelemetry({ spanProcessors: [hooked.processor] })
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
    hooked.unhook()
    await harness.server.close()
    await harness.telemetry.shutdown()
  })
  return harness
}
