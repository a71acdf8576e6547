import { breakTable, type ContractInstrumentation, faultsOf } from '@agentel/testing/contract'
import { KitInstrumentation } from '@agentel/instrumentation-kit'
import { BullMQInstrumentation, bullmqTable } from '@agentel/instrumentation-event-bus'

/** How the contract suite switches us on. */
export const instrumentation: ContractInstrumentation = {
  instrument: () => {
    const instance = new BullMQInstrumentation()
    return () => instance.disable()
  },
  instrumentLoaded: (sdk, fault) => {
    const table = fault === undefined ? bullmqTable() : breakTable(bullmqTable(), fault)
    const instance = new KitInstrumentation(() => table, { enabled: false })
    instance.manuallyInstrument(sdk)
    return () => instance.disable()
  },
  faults: () => faultsOf(bullmqTable()),
}
