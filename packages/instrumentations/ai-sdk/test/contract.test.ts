import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const sdk = 'ai'
const folder = fileURLToPath(new URL('..', import.meta.url))
const modules = [sdk, '@ai-sdk/openai', 'zod']

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).map((format) => ({ sdk, major: 7, format, folder, modules })),
  root: new URL('../../../../', import.meta.url),
})
