import type OpenAI from 'openai'
import type { ContractSuite } from '@agentel/testing/contract'
import { callScenarios } from './call-scenarios.ts'
import { endings } from './endings.ts'
import { errorScenarios } from './error-scenarios.ts'
import { reply } from './reply.ts'
import { responsesScenarios } from './responses-scenarios.ts'
import { streamScenarios } from './stream-scenarios.ts'
import { supportScenarios } from './support-scenarios.ts'

/** The module's namespace, or what `require()` gives. */
export type Sdk = typeof import('openai')

/** What applications do with the openai client. */
export const suite: ContractSuite<OpenAI, Sdk> = {
  createClient: (sdk, url) => new sdk.OpenAI({ apiKey: 'sk-test', baseURL: `${url}/v1`, maxRetries: 0 }),
  scenarios: [...callScenarios, ...streamScenarios, ...errorScenarios, ...responsesScenarios, ...supportScenarios],
  endings,
  reply,
}
