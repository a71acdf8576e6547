import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LangChainInstrumentation } from '@agentel/instrumentation-langchain'

const warnings: string[] = []
let folder: string
beforeEach(() => {
  const quiet = () => undefined
  diag.setLogger(
    { error: quiet, warn: (line: string) => void warnings.push(line), info: quiet, debug: quiet, verbose: quiet },
    DiagLogLevel.WARN,
  )
  folder = mkdtempSync(join(tmpdir(), 'agentel-lost-'))
})
afterEach(() => {
  diag.disable()
  rmSync(folder, { recursive: true, force: true })
})

it('a version that has lost some of its files is hooked otherwise, and what gives no spans is said in one line', async () => {
  const instrumentation = new LangChainInstrumentation()
  const root = join(folder, 'node_modules/@langchain/core')
  const files = {
    'package.json': JSON.stringify({ name: '@langchain/core', version: '1.99.0' }),
    'dist/callbacks/manager.cjs': 'exports.CallbackManager = class { static _configureSync() {} }',
    'dist/singletons/index.cjs': 'exports.AsyncLocalStorageProviderSingleton = new (class { runWithConfig() {} })()',
    'dist/tools/index.cjs': 'exports.StructuredTool = class { call() {} }',
    'dist/retrievers/index.cjs': 'exports.BaseRetriever = class { invoke() {} }',
    'dist/language_models/llms.cjs': 'exports.BaseLLM = class { _generateUncached() {} _streamIterator() {} }',
    'dist/models/chat.cjs': 'exports.BaseChatModel = class {}',
  }
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), content)
  }
  const require = createRequire(join(folder, 'app.js'))
  for (const file of Object.keys(files).slice(1)) require(join(root, file))
  await Promise.resolve()
  expect(warnings).toEqual([
    '@agentel/instrumentation-langchain: @langchain/core 1.99.0 (cjs) is hooked otherwise; these calls give no spans: ' +
      'chat.generate, chat.cached, chat.stream (there is no file dist/language_models/chat_models)',
  ])
  instrumentation.disable()
})
