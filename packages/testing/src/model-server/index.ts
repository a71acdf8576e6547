export { startModelServer, type ModelServer, type ModelServerOptions } from './start-model-server.ts'
export {
  defaultScenario,
  type Fault,
  type FaultKind,
  type Interruption,
  type ModelMessage,
  type ModelRequest,
  type Reply,
  type ReplyToolCall,
  type Scenario,
  type UsageOverride,
} from './reply.ts'
export type { Ledger, LedgerEntry, LedgerTotals, Outcome } from './ledger.ts'
export { countInput, countOutput, loadTokenCounter, type CountTokens, type Usage } from './token-counter.ts'
