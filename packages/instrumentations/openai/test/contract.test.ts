import { fileURLToPath } from 'node:url'
import { contractTests } from '@agentel/testing/contract-tests'
import { suite } from './contract/suite.ts'

const sdk = 'openai'
const workspaceCopy = fileURLToPath(new URL('..', import.meta.url))

contractTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk, major: 7, format, folder: workspaceCopy },
    { sdk, major: 6, format },
    { sdk, major: 5, format },
    { sdk, major: 4, format },
  ]),
  root: new URL('../../../../', import.meta.url),
  // A request whose getter throws.
  provokedFaults: { 'openai.chat.readRequest': 1 },
})
