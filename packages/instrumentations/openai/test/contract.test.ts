import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ChildAnswer,
  type ContractRun,
  describeTarget,
  type Ending,
  installSdk,
  runEnding,
  runScenarios,
  type SdkTarget,
} from '@agentel/testing/contract'
import { suite } from './contract/suite.ts'

const root = new URL('../../../../', import.meta.url)
const workspaceCopy = fileURLToPath(new URL('..', import.meta.url))
const targets: readonly SdkTarget[] = [
  { sdk: 'openai', major: 7, format: 'esm' },
  { sdk: 'openai', major: 7, format: 'cjs' },
  { sdk: 'openai', major: 6, format: 'esm' },
  { sdk: 'openai', major: 6, format: 'cjs' },
]

/** The newest major is the workspace's own; others are installed outside of it. */
function folderOf({ sdk, major }: SdkTarget): Promise<string> {
  if (major === 7) return Promise.resolve(workspaceCopy)
  return installSdk(sdk, major, {
    matrix: fileURLToPath(new URL('test/matrix', root)),
    cache: fileURLToPath(new URL('.cache/matrix', root)),
  })
}

describe.each(targets.map((target) => [describeTarget(target), target] as const))('%s', (_name, target) => {
  let run: ContractRun
  let bare: ChildAnswer
  let instrumented: ChildAnswer
  const scenarios = suite.scenarios.filter((scenario) => scenario.majors?.includes(target.major) ?? true)

  beforeAll(async () => {
    run = {
      suite: new URL('./contract/suite.ts', import.meta.url).href,
      instrumentation: new URL('./contract/instrumentation.ts', import.meta.url).href,
      target,
      folder: await folderOf(target),
    }
    ;[bare, instrumented] = await Promise.all([runScenarios(run, 'bare'), runScenarios(run, 'instrumented')])
  })

  const resultOf = (answer: ChildAnswer, scenario: string) =>
    answer.results.find((result) => result.scenario === scenario)!

  describe('the application sees the same with us as without us', () => {
    it.each(scenarios.map(({ name }) => name))('in %s', (name) => {
      expect(resultOf(instrumented, name).testimony).toEqual(resultOf(bare, name).testimony)
    })
  })

  describe('one operation gives one span', () => {
    it.each(scenarios.map((scenario) => [scenario.name, scenario.spans] as const))('in %s', (name, spans) => {
      const { spans: seen, open } = resultOf(instrumented, name)
      expect(
        seen.map((span) => ({ name: span.name, error: span.attributes['error.type'], status: span.status.code })),
      ).toEqual(spans.map((span) => ({ name: span.name, error: span.error, status: span.error === undefined ? 0 : 2 })))
      expect(open).toBe(0)
    })
  })

  it('nothing of ours fails on the way', () => {
    expect(instrumented.faultCounts).toEqual({ 'openai.chat.readRequest': 1 })
  })

  // Neither depends on how the SDK was loaded.
  if (target.format === 'cjs') return

  it('a fault in any part of ours is never felt', { timeout: 120_000 }, async () => {
    const { faulted, faultCounts } = await runScenarios(run, 'faults')
    const core = suite.scenarios.filter((scenario) => scenario.core).map(({ name }) => name)
    for (const [fault, results] of Object.entries(faulted)) {
      expect(results.map(({ scenario }) => scenario)).toEqual(core)
      for (const { scenario, testimony } of results) {
        expect(testimony, `${scenario}, with a fault in ${fault}`).toEqual(resultOf(bare, scenario).testimony)
      }
    }
    expect(Object.keys(faultCounts).length).toBeGreaterThan(10)
  })

  it.each(suite.endings!.map(({ name }) => name))('%s, with us as without us', async (ending) => {
    const without = await runEnding(run, 'bare', ending)
    const withUs = await runEnding(run, 'instrumented', ending)
    const visible = ({ exitCode, stdout, stderr }: Ending) => ({ exitCode, stdout, stderr })
    expect(visible(withUs)).toEqual(visible(without))
    expect(withUs.answer?.results[0]?.spans.length).toBe(1)
  })
})
