export { breakTable, faultsOf } from './break-table.ts'
export type { ChildAnswer, ScenarioResult, SeenSpan } from './child-config.ts'
export { installSdk, type SdkFolders } from './install-sdk.ts'
export { type ContractRun, describeTarget, type Ending, runEnding, runScenarios } from './run-contract.ts'
export type {
  ContractInstrumentation,
  ContractSuite,
  ExpectedSpan,
  Scenario,
  ScenarioContext,
  SdkTarget,
  Witness,
} from './scenario.ts'
export type { Testimony } from './witness.ts'
export { installedVersion, recordSupport, type SupportClaim, type SupportEvidence } from './record-support.ts'
