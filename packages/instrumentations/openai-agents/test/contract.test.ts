import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const sdk = '@openai/agents'
const folder = fileURLToPath(new URL('..', import.meta.url))

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk, major: 0, format, folder, modules: [sdk], label: 'newest' },
    // 0.11, of half a year before.
    { sdk, major: 0, format, modules: [sdk], label: '0.11' },
  ]),
  faultPlaces: 10,
  root: new URL('../../../../', import.meta.url),
})
