import { breakTable, type ContractInstrumentation, faultsOf } from '@agentel/testing/contract'
import { AiSdkInstrumentation, aiSdkTable } from '@agentel/instrumentation-ai-sdk'
import { KitInstrumentation } from '@agentel/instrumentation-kit'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import type { Sdk } from './suite.ts'

/** How the contract suite switches us on. */
export const instrumentation: ContractInstrumentation = {
  instrument: () => {
    const instance = new AiSdkInstrumentation()
    return () => instance.disable()
  },
  instrumentLoaded: (sdk, fault) => {
    const table = fault === undefined ? aiSdkTable() : breakTable(aiSdkTable(), fault)
    const instance = new KitInstrumentation(() => table, { enabled: false })
    instance.manuallyInstrument((sdk as Sdk).m0)
    return () => instance.disable()
  },
  faults: () => faultsOf(aiSdkTable()),
  spanProcessors: () => [enricherProcessor([reconcileEnricher(), costEnricher()])],
}
