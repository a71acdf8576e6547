/** Spends as long as it may, for the tests of shared budgets: node lease-spender.ts URL DOLLARS_A_CALL BUDGET */
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { beforeCall, isGateError } from '@agentel/api'
import { createBudgets } from '../src/index.ts'

const [, , server = '', dollars = '1', budget = '{}'] = process.argv
const budgets = createBudgets({
  budgets: [JSON.parse(budget)],
  server,
  onThreshold: (_, threshold) => console.log(`crossed ${threshold}`),
})
const span = {
  attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': Number(dollars) },
  spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
} as never

let calls = 0
const pause = () => new Promise((resolve) => setTimeout(resolve, 1))
for (let refused = 0; refused < 100;) {
  try {
    beforeCall({ operation: 'chat', context: ROOT_CONTEXT })
    refused = 0
    calls++
    await pause()
    budgets.enricher.onEnding?.(span)
  } catch (error) {
    if (!isGateError(error)) throw error
    refused++
    await pause()
  }
}
await budgets.close()
console.log(`calls ${calls}`)
