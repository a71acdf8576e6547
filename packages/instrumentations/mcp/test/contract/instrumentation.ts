import { breakTable, type ContractInstrumentation, faultsOf } from '@agentel/testing/contract'
import { KitInstrumentation } from '@agentel/instrumentation-kit'
import { McpInstrumentation, mcpTable } from '@agentel/instrumentation-mcp'

/** How the contract suite switches us on. */
export const instrumentation: ContractInstrumentation = {
  instrument: () => {
    const instance = new McpInstrumentation()
    return () => instance.disable()
  },
  instrumentLoaded: (sdk, fault) => {
    const table = fault === undefined ? mcpTable() : breakTable(mcpTable(), fault)
    const instance = new KitInstrumentation(() => table, { enabled: false })
    for (const namespace of Object.values(sdk)) instance.manuallyInstrument(namespace as object)
    return () => instance.disable()
  },
  faults: () => faultsOf(mcpTable()),
}
