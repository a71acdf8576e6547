import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { MODULES } from './contract/sdk.ts'
import { suite } from './contract/suite.ts'

const sdk = '@langchain/core'
const folder = fileURLToPath(new URL('..', import.meta.url))

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk, major: 1, format, folder, modules: MODULES },
    { sdk, major: 0, format, modules: MODULES },
  ]),
  root: new URL('../../../../', import.meta.url),
})
