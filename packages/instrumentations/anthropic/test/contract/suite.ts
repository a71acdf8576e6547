import type Anthropic from '@anthropic-ai/sdk'
import type { ContractSuite } from '@agentel/testing/contract'
import { callScenarios } from './call-scenarios.ts'
import { endings } from './endings.ts'
import { errorScenarios } from './error-scenarios.ts'
import { reply } from './reply.ts'
import { streamScenarios } from './stream-scenarios.ts'
import { supportScenarios } from './support-scenarios.ts'

/** The module's namespace, or what `require()` gives. */
export type Sdk = typeof import('@anthropic-ai/sdk')

/** What applications do with Anthropic's client. */
export const suite: ContractSuite<Anthropic, Sdk> = {
  createClient: (sdk, url) => new sdk.Anthropic({ apiKey: 'sk-test', baseURL: url, maxRetries: 0 }),
  scenarios: [...callScenarios, ...streamScenarios, ...errorScenarios, ...supportScenarios],
  endings,
  reply,
}
