import { fileURLToPath } from 'node:url'
import { newerVersionTests } from '@agentel/testing/contract-tests'
import { MODULES } from './contract/modules.ts'
import { suite } from './contract/suite.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))

newerVersionTests({
  suite,
  suiteUrl: new URL('./contract/suite.ts', import.meta.url).href,
  instrumentationUrl: new URL('./contract/instrumentation.ts', import.meta.url).href,
  targets: (['esm', 'cjs'] as const).flatMap((format) => [
    { sdk: '@modelcontextprotocol/client', major: 2, format, folder, modules: MODULES[2] },
    { sdk: '@modelcontextprotocol/sdk', major: 1, format, folder, modules: MODULES[1] },
  ]),
  hooked: ['@modelcontextprotocol/client', '@modelcontextprotocol/server', '@modelcontextprotocol/sdk'],
})
