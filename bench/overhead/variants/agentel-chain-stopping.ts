import { installChain } from './agentel-chain.ts'

/** The chain with a budget that may stop a call, which needs the cost of the call before: nothing of it can wait. */
export function install(sdk: any, openai: any): { shutdown(): Promise<void> } {
  return installChain(sdk, openai, 'throw')
}
