/** Spends a dollar a call, for the tests of the budget file: node budget-spender.ts FILE CALLS BUDGET */
import { writeSync } from 'node:fs'
import { createBudgets } from '../src/index.ts'

/** Said before it goes on: what is only in a stream's buffer dies with the process. */
const say = (line: string) => void writeSync(1, `${line}\n`)

const [, , file = '', calls = '0', budget = '{}'] = process.argv
const budgets = createBudgets({
  budgets: [JSON.parse(budget)],
  file,
  onThreshold: (_, threshold) => say(`crossed ${threshold}`),
})
const span = {
  attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1 },
  spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
} as never

for (let call = 1; call <= Number(calls); call++) {
  budgets.enricher.onEnding?.(span)
  if (call % 10 !== 0) continue
  await budgets.flush()
  say(`saved ${call}`)
}
await budgets.close()
