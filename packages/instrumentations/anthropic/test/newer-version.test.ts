import { fileURLToPath } from 'node:url'
import { newerVersionTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))

newerVersionTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [{ sdk: '@anthropic-ai/sdk', major: 1, format, folder }]),
  hooked: ['@anthropic-ai/sdk'],
})
