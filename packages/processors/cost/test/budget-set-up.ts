import { context, trace, type Attributes } from '@opentelemetry/api'
import { beforeCall, resetFaults } from '@agentel/api'
import { enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing'
import { afterEach } from 'vitest'
import { type Budgets, type BudgetsOptions, createBudgets } from '../src/index.ts'

/** What was exported since the last `setUp`. */
export let telemetry: TestTelemetry | undefined
let budgets: Budgets | undefined
afterEach(async () => {
  await budgets?.close()
  await telemetry?.shutdown()
  budgets = undefined
  telemetry = undefined
  resetFaults()
})

/** The clock of the budgets, which a test sets forward. */
export const clock = { now: Date.parse('2026-11-21T12:00:00Z') }

/** Budgets at work, each test with its own. */
export function setUp(options: BudgetsOptions['budgets'], more: Omit<BudgetsOptions, 'budgets'> = {}): Budgets {
  clock.now = Date.parse('2026-11-21T12:00:00Z')
  budgets = createBudgets({ budgets: options, now: () => clock.now, ...more })
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([budgets.enricher])] })
  return budgets
}

/** A call that costs so much, made for somebody. */
export function call(cost: number, more: Attributes = {}): void {
  const attributes = { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': cost, ...more }
  trace.getTracer('t').startSpan('chat', { attributes }).end()
}

/** What asks before a chat is made in the active context. */
export const beforeChat = () => beforeCall({ operation: 'chat', context: context.active() })
