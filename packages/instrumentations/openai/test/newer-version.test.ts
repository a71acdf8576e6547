import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { newerVersionTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const warnings: string[] = []
let folder: string
let instrumentation: OpenAIInstrumentation
beforeEach(() => {
  warnings.length = 0
  const quiet = () => undefined
  diag.setLogger(
    { error: quiet, warn: (line: string) => void warnings.push(line), info: quiet, debug: quiet, verbose: quiet },
    DiagLogLevel.WARN,
  )
  folder = mkdtempSync(join(tmpdir(), 'agentel-newer-'))
  instrumentation = new OpenAIInstrumentation()
})
afterEach(() => {
  instrumentation.disable()
  diag.disable()
  rmSync(folder, { recursive: true, force: true })
})

/** Loads a package that calls itself openai 99, as an application would. */
async function loadNewer(source: string): Promise<void> {
  const root = join(folder, 'node_modules/openai')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'openai', version: '99.0.0', main: 'index.js' }))
  writeFileSync(join(root, 'index.js'), source)
  createRequire(join(folder, 'app.js'))('openai')
  // What was hooked is said when the module's other entries have had their chance.
  await Promise.resolve()
}

const CLASSES = `
class Completions { create() {} }
class Responses { create() {} retrieve() {} }
class Embeddings { create() {} }
class OpenAI {}
OpenAI.Chat = { Completions }
`

it('a version that is newer than known is hooked when its shape is the expected one, and said in one line', async () => {
  await loadNewer(`${CLASSES} Object.assign(OpenAI, { Responses, Embeddings }); exports.OpenAI = OpenAI`)
  expect(warnings).toEqual([
    expect.stringMatching(/openai 99\.0\.0 \(cjs\) is not among the tested major versions .* so it is hooked$/),
  ])
  const [report] = instrumentation.hookReports()
  expect(report!.hooked).toContain('chat.completions.create')
})

it('one that has lost a class is hooked otherwise, and what gives no spans is said in one line', async () => {
  await loadNewer(`${CLASSES} Object.assign(OpenAI, { Embeddings }); exports.OpenAI = OpenAI`)
  expect(warnings).toEqual([
    expect.stringContaining('is hooked otherwise; these calls give no spans: responses.create'),
  ])
})

it('one of quite another shape is not hooked, and said in one line', async () => {
  await loadNewer('exports.somethingElse = 1')
  expect(warnings).toEqual([expect.stringContaining('openai 99.0.0 (cjs) is not hooked at all')])
})

newerVersionTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).map((format) => ({
    sdk: 'openai',
    major: 7,
    format,
    folder: fileURLToPath(new URL('..', import.meta.url)),
  })),
  hooked: ['openai'],
})
