/** Spends as long as it may, for the tests of shared budgets: node lease-spender.ts URL DOLLARS_A_CALL BUDGET */
import { once } from 'node:events'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { beforeCall, isGateError } from '@agentel/api'
import { createBudgets } from '../src/index.ts'

const [, , server = '', dollars = '1', budget = '{}'] = process.argv
const limits = JSON.parse(budget)
const budgets = createBudgets({
  budgets: [limits],
  server,
  onThreshold: (_, threshold) => console.log(`crossed ${threshold}`),
})
const span = {
  attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': Number(dollars) },
  spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
} as never

// A process whose server has not answered within a second goes by what it knows; on a busy machine that may happen
// while the first connection is made, and is not what this is about.
budgets.enricher.onEnding?.({
  ...(span as object),
  attributes: { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1e-9 },
} as never)
for (let answered = false; !answered;) {
  answered = await budgets.flush().then(
    () => true,
    () => false,
  )
}

// All begin together, or the first would have spent everything before the last is there.
console.log('ready')
await once(process.stdin, 'data')

/** Not after so many refusals: on a busy machine the server's first answer takes its time. */
const isSpent = () => (budgets.checkBudget().budgets[0]?.used ?? 0) > limits.cost - Number(dollars)

let calls = 0
const pause = () => new Promise((resolve) => setTimeout(resolve, 1))
for (;;) {
  try {
    beforeCall({ operation: 'chat', context: ROOT_CONTEXT })
    calls++
    await pause()
    budgets.enricher.onEnding?.(span)
  } catch (error) {
    if (!isGateError(error)) throw error
    if (isSpent()) break
    await pause()
  }
}
await budgets.close()
console.log(`calls ${calls}`)
