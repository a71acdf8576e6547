import type { ContractInstrumentation } from '@agentel/testing/contract'
import { breakTable, faultsOf } from '@agentel/testing/contract'
import { AnthropicInstrumentation, anthropicTable } from '@agentel/instrumentation-anthropic'
import { KitInstrumentation } from '@agentel/instrumentation-kit'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { reconcileEnricher } from '@agentel/processor-reconcile'

/** How the contract suite switches us on. */
export const instrumentation: ContractInstrumentation = {
  instrument: () => {
    const instance = new AnthropicInstrumentation()
    return () => instance.disable()
  },
  instrumentLoaded: (sdk, fault) => {
    const table = fault === undefined ? anthropicTable() : breakTable(anthropicTable(), fault)
    const instance = new KitInstrumentation(() => table, { enabled: false })
    instance.manuallyInstrument(sdk)
    return () => instance.disable()
  },
  faults: () => faultsOf(anthropicTable()),
  spanProcessors: () => [enricherProcessor([reconcileEnricher(), costEnricher()])],
}
