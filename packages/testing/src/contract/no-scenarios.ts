import type { ContractSuite } from './scenario.ts'

/** A suite that only loads the SDK. */
export const suite: ContractSuite = {
  createClient: () => undefined,
  scenarios: [],
  reply: () => ({ text: '' }),
}
