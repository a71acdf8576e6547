import { breakTable, type ContractInstrumentation, faultsOf } from '@agentel/testing/contract'
import { KitInstrumentation } from '@agentel/instrumentation-kit'
import { LangChainInstrumentation, langchainTable } from '@agentel/instrumentation-langchain'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'

/** How the contract suite switches us on: with the client below, which would make a span of its own. */
export const instrumentation: ContractInstrumentation = {
  instrument: () => {
    const instances = [new LangChainInstrumentation(), new OpenAIInstrumentation()]
    return () => instances.forEach((instance) => instance.disable())
  },
  instrumentLoaded: (sdk, fault) => {
    const table = fault === undefined ? langchainTable() : breakTable(langchainTable(), fault)
    const instance = new KitInstrumentation(() => table, { enabled: false })
    for (const namespace of Object.values(sdk)) instance.manuallyInstrument(namespace as object)
    return () => instance.disable()
  },
  faults: () => faultsOf(langchainTable()),
  spanProcessors: () => [enricherProcessor([costEnricher()])],
}
