import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { configureContent } from '@agentel/api'
import { aiSdkTable } from '@agentel/instrumentation-ai-sdk'
import { KitInstrumentation, type PatchTable } from '@agentel/instrumentation-kit'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { installSdk } from '@agentel/testing/contract'
import { type ModelServer, type Scenario, startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

type Ai = typeof import('ai')

/** A copy of `ai` 5 or 6, loaded under our hooks, with providers against the local server. */
export interface Before7 {
  readonly ai: Ai
  readonly openai: ReturnType<(typeof import('@ai-sdk/openai'))['createOpenAI']>
  readonly anthropic: (model: string) => never
  readonly telemetry: TestTelemetry
  readonly server: ModelServer
  readonly require: NodeJS.Require
  answer(scenario: Scenario): void
  /** Loads another copy, hooked by this table. */
  load(table: PatchTable): Ai
}

const root = new URL('../../../../', import.meta.url)

/** Sets everything up for the tests of a group and takes it down after them. */
export function useBefore7(major: number): Before7 {
  const count: Scenario = () => ({ text: 'one two three' })
  let scenario = count
  let instance: KitInstrumentation | undefined
  const harness = { answer: (next: Scenario) => void (scenario = next) } as {
    -readonly [K in keyof Before7]: Before7[K]
  }
  harness.load = (table) => {
    instance?.disable()
    instance = new KitInstrumentation(() => table, {})
    delete harness.require.cache[harness.require.resolve('ai')]
    return (harness.ai = harness.require('ai') as Ai)
  }
  beforeAll(async () => {
    const [matrix, cache] = ['test/matrix', '.cache/matrix'].map((path) => fileURLToPath(new URL(path, root)))
    const folder = await installSdk('ai', major, { matrix: matrix!, cache: cache! })
    harness.require = createRequire(join(folder, 'app.js'))
    harness.telemetry = createTestTelemetry({
      spanProcessors: [enricherProcessor([reconcileEnricher(), costEnricher()])],
    })
    harness.server = await startModelServer({
      scenario: (request) => scenario(request),
      countTokens: (text) => text.split(/\s+/).filter(Boolean).length,
    })
    const options = { apiKey: 'k', baseURL: `${harness.server.url}/v1` }
    harness.openai = (harness.require('@ai-sdk/openai') as typeof import('@ai-sdk/openai')).createOpenAI(options)
    const { createAnthropic } = harness.require('@ai-sdk/anthropic') as {
      createAnthropic: (options: object) => Before7['anthropic']
    }
    harness.anthropic = createAnthropic(options)
    harness.load(aiSdkTable())
  })
  afterEach(() => {
    scenario = count
    configureContent(undefined)
    harness.telemetry.reset()
  })
  afterAll(async () => {
    instance?.disable()
    await harness.server.close()
    await harness.telemetry.shutdown()
  })
  return harness
}
