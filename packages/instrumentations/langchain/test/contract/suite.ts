import { agentReply } from '@agentel/testing'
import type { ContractSuite } from '@agentel/testing/contract'
import { chainScenarios } from './chain-scenarios.ts'
import { graphScenarios } from './graph-scenarios.ts'
import { modelScenarios } from './model-scenarios.ts'
import { type Client, MODEL, type Sdk } from './sdk.ts'

/** What applications do with LangChain and LangGraph. */
export const suite: ContractSuite<Client, Sdk> = {
  createClient: ({ m7 }, url) => {
    const modelWith = ({ fetch, ...fields }: { fetch?: unknown } & object) =>
      new m7.ChatOpenAI({
        model: MODEL,
        apiKey: 'sk-test',
        maxRetries: 0,
        configuration: { baseURL: `${url}/v1`, ...(fetch === undefined ? undefined : { fetch: fetch as never }) },
        ...fields,
      })
    return { model: modelWith({}), modelWith }
  },
  scenarios: [...modelScenarios, ...chainScenarios, ...graphScenarios],
  reply: agentReply,
}
