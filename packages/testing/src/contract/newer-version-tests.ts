import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChildAnswer } from './child-config.ts'
import type { DeclaredSuite } from './contract-tests.ts'
import { expectedSpans, seenAsExpected } from './expected-spans.ts'
import { copyAsNewer, NEWER, writeStranger } from './newer-copy.ts'
import { describeTarget, runScenarios } from './run-contract.ts'
import type { SdkTarget } from './scenario.ts'

/** What {@link newerVersionTests} makes newer, and what it runs then. */
export interface NewerVersionOptions {
  readonly suite: DeclaredSuite
  /** URL of the module that exports `suite`, for child processes. */
  readonly suiteUrl: string
  /** URL of the module that exports `instrumentation: ContractInstrumentation`. */
  readonly instrumentationUrl: string
  /** The copies that are known. */
  readonly targets: readonly (SdkTarget & { readonly folder: string })[]
  /** The packages that are hooked, by their npm names. */
  readonly hooked: readonly string[]
  /** Further packages that use them. */
  readonly using?: readonly string[]
}

/**
 * Declares what must hold of versions that nobody knows yet: one of the expected shape gives the same spans, one whose files
 * lie elsewhere gives none, and either is said in one line.
 */
export function newerVersionTests(options: NewerVersionOptions): void {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(join(realpathSync(tmpdir()), 'agentel-newer-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe.each(options.targets.map((target) => [describeTarget(target), target] as const))('%s', (_name, target) => {
    it(
      'in a version that is newer than known is hooked when its shape is the expected one, and said in one line',
      { timeout: 240_000 },
      async () => {
        const copy = join(folder, describeTarget(target).replaceAll('/', '+'))
        copyAsNewer(target.folder, copy, [...options.hooked, ...(options.using ?? [])], options.hooked)
        const { suiteUrl: suite, instrumentationUrl: instrumentation } = options
        const { results, warnings } = await runScenarios(
          { suite, instrumentation, target, folder: copy },
          'instrumented',
        )
        expectAllSpans(options.suite, target, results)
        expect(warnings.length).toBeGreaterThan(0)
        // An ES module that is required is there in both formats.
        const said = new RegExp(
          `: (${options.hooked.join('|')}) ${NEWER} \\((esm|cjs)\\) is not among the tested .* is hooked$`,
        )
        for (const warning of warnings) expect(warning).toMatch(said)
        expect(new Set(warnings).size).toBe(warnings.length)
      },
    )
  })

  it.each(options.hooked.flatMap((sdk) => (['esm', 'cjs'] as const).map((format) => [sdk, format] as const)))(
    '%s (%s) with its files in other places is not hooked, and said in one line',
    async (sdk, format) => {
      const stranger = join(folder, `${sdk.replace('/', '+')}-${format}`)
      writeStranger(stranger, sdk)
      const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
      const suite = new URL(`./no-scenarios.${extension}`, import.meta.url).href
      const target = { sdk, major: Number.parseInt(NEWER), format, modules: [sdk] }
      const run = { suite, instrumentation: options.instrumentationUrl, target, folder: stranger }
      const { warnings, faultCounts } = await runScenarios(run, 'instrumented')
      expect(warnings).toEqual([expect.stringContaining(`: ${sdk} ${NEWER} (${format}) is not hooked at all`)])
      expect(faultCounts).toEqual({})
    },
  )
}

function expectAllSpans(suite: DeclaredSuite, { major }: SdkTarget, results: ChildAnswer['results']): void {
  const scenarios = suite.scenarios.filter(({ majors }) => majors?.includes(major) ?? true)
  expect(results.map(({ scenario }) => scenario)).toEqual(scenarios.map(({ name }) => name))
  for (const [index, { name, spans, spansIn }] of scenarios.entries()) {
    const expected = spansIn?.[major] ?? spans
    expect(seenAsExpected(results[index]!.spans, expected), name).toEqual(expectedSpans(expected))
  }
}
