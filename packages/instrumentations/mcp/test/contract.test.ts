import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'
import { MODULES } from './contract/modules.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk: '@modelcontextprotocol/client', major: 2, format, folder, modules: MODULES[2] },
    { sdk: '@modelcontextprotocol/sdk', major: 1, format, folder, modules: MODULES[1] },
  ]),
  // One method is patched.
  faultPlaces: 5,
  root: new URL('../../../../', import.meta.url),
})
