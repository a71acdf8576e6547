import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChildAnswer } from './child-config.ts'
import { expectedSpans, seenAsExpected } from './expected-spans.ts'
import { installSdk } from './install-sdk.ts'
import { installedVersion, recordSupport, type SupportClaim } from './record-support.ts'
import { type ContractRun, describeTarget, type Ending, runEnding, runScenarios } from './run-contract.ts'
import type { Scenario, SdkTarget } from './scenario.ts'

export { type NewerVersionOptions, newerVersionTests } from './newer-version-tests.ts'

/** What the tests need to know of a suite; the child processes load the rest. */
export interface DeclaredSuite {
  readonly scenarios: readonly Omit<Scenario, 'run'>[]
  readonly endings?: readonly Omit<Scenario, 'run'>[]
}

/** What {@link contractTests} runs, against what. */
export interface ContractTestsOptions {
  readonly suite: DeclaredSuite
  /** URL of the module that exports `suite`, for child processes. */
  readonly suiteUrl: string
  /** URL of the module that exports `instrumentation: ContractInstrumentation`. */
  readonly instrumentationUrl: string
  readonly targets: readonly SdkTarget[]
  /** URL of the folder that holds `test/matrix`; SDKs are installed to its `.cache/matrix`. */
  readonly root: URL
  /** Faults of ours that the scenarios provoke on purpose, with their number. Default: none. */
  readonly provokedFaults?: Readonly<Record<string, number>>
  /** In how many places of ours the broken parts must show at least. Default: 11. */
  readonly faultPlaces?: number
  /** `false`: the instrumentation patches nothing, so there is nothing to break. */
  readonly breakable?: boolean
}

/**
 * Declares the contract suite as vitest tests, for each target. Every instrumentation's `contract.test.ts` is one call
 * of this.
 */
export function contractTests(options: ContractTestsOptions): void {
  const targets = options.targets.map((target) => [describeTarget(target), target] as const)
  describe.each(targets)('%s', (_name, target) => testTarget(options, target))
}

/** The folder of a target, installed first if need be. */
export function folderOf(target: SdkTarget, root: URL): Promise<string> {
  if (target.folder !== undefined) return Promise.resolve(target.folder)
  return installSdk(target.sdk, target.major, {
    matrix: fileURLToPath(new URL('test/matrix', root)),
    cache: fileURLToPath(new URL('.cache/matrix', root)),
  })
}

interface Runs {
  run: ContractRun
  bare: ChildAnswer
  instrumented: ChildAnswer
}

function testTarget(options: ContractTestsOptions, target: SdkTarget): void {
  const runs = {} as Runs
  beforeAll(async () => {
    const { suiteUrl: suite, instrumentationUrl: instrumentation } = options
    runs.run = { suite, instrumentation, target, folder: await folderOf(target, options.root) }
    ;[runs.bare, runs.instrumented] = await Promise.all([
      runScenarios(runs.run, 'bare'),
      runScenarios(runs.run, 'instrumented'),
    ])
  })
  testScenarios(options.suite, target, runs)
  it('nothing of ours fails on the way', () => {
    expect(runs.instrumented.faultCounts).toEqual(options.provokedFaults ?? {})
  })
  it('a version that is known is hooked without a word', () => {
    expect(runs.instrumented.warnings).toEqual([])
  })
  // Neither depends on how the SDK was loaded.
  if (target.format === 'cjs') return
  if (options.breakable !== false) testFaults(options.suite, runs, options.faultPlaces ?? 11)
  testEndings(options.suite, target, runs)
}

function testScenarios(suite: DeclaredSuite, target: SdkTarget, runs: Runs): void {
  const scenarios = suite.scenarios.filter(({ majors }) => majors?.includes(target.major) ?? true)

  describe('the application sees the same with us as without us', () => {
    it.each(scenarios.map(({ name }) => name))('in %s', (name) => {
      expect(resultOf(runs.instrumented, name).testimony).toEqual(resultOf(runs.bare, name).testimony)
    })
  })

  describe('one operation gives one span', () => {
    const expected = scenarios.map(
      ({ name, spans, spansIn, shows }) => [name, spansIn?.[target.major] ?? spans, shows] as const,
    )
    it.for(expected)('in %s', ([name, spans, shows], { task }) => {
      recordRun(task, target, runs, ['spans', ...(shows ?? [])])
      const { spans: seen, open } = resultOf(runs.instrumented, name)
      expect(seenAsExpected(seen, spans)).toEqual(expectedSpans(spans))
      expect(open).toBe(0)
    })
  })
}

function testFaults(suite: DeclaredSuite, runs: Runs, places: number): void {
  it('a fault in any part of ours is never felt', { timeout: 120_000 }, async () => {
    const { faulted, faultCounts } = await runScenarios(runs.run, 'faults')
    const { major } = runs.run.target
    const core = suite.scenarios.filter(({ core: wanted, majors }) => wanted && (majors?.includes(major) ?? true))
    for (const [fault, results] of Object.entries(faulted)) {
      expect(results.map(({ scenario }) => scenario)).toEqual(core.map(({ name }) => name))
      for (const { scenario, testimony } of results) {
        expect(testimony, `${scenario}, with a fault in ${fault}`).toEqual(resultOf(runs.bare, scenario).testimony)
      }
    }
    expect(Object.keys(faultCounts).length).toBeGreaterThanOrEqual(places)
  })
}

function testEndings(suite: DeclaredSuite, { major }: SdkTarget, runs: Runs): void {
  const endings = (suite.endings ?? []).filter(({ majors }) => majors?.includes(major) ?? true)
  if (endings.length === 0) return
  it.each(endings.map(({ name }) => name))('%s, with us as without us', async (ending) => {
    const without = await runEnding(runs.run, 'bare', ending)
    const withUs = await runEnding(runs.run, 'instrumented', ending)
    const visible = ({ exitCode, stdout, stderr }: Ending) => ({ exitCode, stdout, stderr })
    expect(visible(withUs)).toEqual(visible(without))
    expect(withUs.answer?.results[0]?.spans.length).toBe(1)
  })
}

function resultOf(answer: ChildAnswer, scenario: string) {
  return answer.results.find((result) => result.scenario === scenario)!
}

function recordRun(task: { meta: object }, target: SdkTarget, { run }: Runs, shows: readonly SupportClaim[]): void {
  const { sdk, format } = target
  recordSupport(task, { sdk, version: installedVersion(run.folder, sdk), format, shows })
}
