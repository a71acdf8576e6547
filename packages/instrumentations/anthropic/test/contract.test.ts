import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const sdk = '@anthropic-ai/sdk'
const workspaceCopy = fileURLToPath(new URL('..', import.meta.url))

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    // It makes spans itself, which are enriched.
    { sdk, major: 1, format, folder: workspaceCopy },
    { sdk, major: 0, format },
  ]),
  root: new URL('../../../../', import.meta.url),
})
