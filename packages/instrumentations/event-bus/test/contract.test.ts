import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const sdk = 'bullmq'
const folder = fileURLToPath(new URL('..', import.meta.url))

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk, major: 6, format, folder },
    { sdk, major: 5, format },
  ]),
  faultPlaces: 5,
  root: new URL('../../../../', import.meta.url),
})
