import type { ContractInstrumentation } from '@agentel/testing/contract'
import { breakTable, faultsOf } from '@agentel/testing/contract'
import { KitInstrumentation } from '@agentel/instrumentation-kit'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { OpenAIInstrumentation, openaiTable } from '@agentel/instrumentation-openai'

/** How the contract suite switches us on. */
export const instrumentation: ContractInstrumentation = {
  instrument: () => {
    const instance = new OpenAIInstrumentation()
    return () => instance.disable()
  },
  instrumentLoaded: (sdk, fault) => {
    const table = fault === undefined ? openaiTable() : breakTable(openaiTable(), fault)
    const instance = new KitInstrumentation(() => table, { enabled: false })
    instance.manuallyInstrument(sdk)
    return () => instance.disable()
  },
  faults: () => faultsOf(openaiTable()),
  spanProcessors: () => [enricherProcessor([costEnricher()])],
}
