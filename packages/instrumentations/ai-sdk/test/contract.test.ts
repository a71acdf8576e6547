import { fileURLToPath } from 'node:url'
import { type ContractTestsOptions, contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const sdk = 'ai'
const folder = fileURLToPath(new URL('..', import.meta.url))
const modules = [sdk, '@ai-sdk/openai', 'zod']
const formats = ['esm', 'cjs'] as const
const shared: Omit<ContractTestsOptions, 'targets'> = {
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  root: new URL('../../../../', import.meta.url),
}

contractTests({ ...shared, targets: formats.map((format) => ({ sdk, major: 7, format, folder, modules })) })
contractTests({
  ...shared,
  targets: [6, 5].flatMap((major) => formats.map((format) => ({ sdk, major, format, modules }))),
  // A copy that is loaded already cannot be hooked: its faults are in test/before-7.test.ts.
  breakable: false,
})
