import { fileURLToPath } from 'node:url'
import { newerVersionTests } from '@agentel/testing/contract-tests'
import { MODULES } from './contract/sdk.ts'
import { suite } from './contract/suite.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))

newerVersionTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk: '@langchain/core', major: 1, format, folder, modules: MODULES },
  ]),
  hooked: ['@langchain/core', '@langchain/langgraph'],
  using: ['@langchain/openai', '@langchain/langgraph-checkpoint'],
})
