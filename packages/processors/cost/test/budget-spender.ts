/** Spends a dollar a call, for the tests of the budget file: node budget-spender.ts FILE CALLS BUDGET */
import { createBudgets } from '../src/index.ts'

const [, , file = '', calls = '0', budget = '{}'] = process.argv
const budgets = createBudgets({
  budgets: [JSON.parse(budget)],
  file,
  onThreshold: (_, threshold) => console.log(`crossed ${threshold}`),
})
const span = {
  attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1 },
  spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
} as never

for (let call = 1; call <= Number(calls); call++) {
  budgets.enricher.onEnding?.(span)
  if (call % 10 !== 0) continue
  await budgets.flush()
  console.log(`saved ${call}`)
}
await budgets.close()
