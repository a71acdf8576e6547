import { context } from '@opentelemetry/api'
import { agent, beforeCall, GateError } from '@agentel/api'
import { expect, it } from 'vitest'
import { beforeChat, call, clock, setUp, telemetry } from './budget-set-up.ts'

it('takes a budget for used up as soon as all of it is spent', () => {
  const { checkBudget } = setUp([{ name: 'hard', scope: 'total', period: 'day', cost: 2, onExceeded: 'throw' }])
  call(1)
  expect(beforeChat).not.toThrow()
  call(1)
  expect(checkBudget()).toMatchObject({ allowed: false, budgets: [{ used: 2, remaining: 0, exceeded: true }] })
  expect(beforeChat).toThrow(GateError)
})

it('refuses the calls of the agent that a call names, or else of the one that it is made in', async () => {
  setUp([{ name: 'agent', scope: 'agent', period: 'day', cost: 1, onExceeded: 'throw' }])
  call(1, { 'gen_ai.agent.name': 'planner' })
  const callOf = (agent?: string) => () =>
    beforeCall({ operation: 'chat', context: context.active(), ...(agent === undefined ? {} : { agent }) })
  expect(callOf()).not.toThrow()
  expect(callOf('planner')).toThrow(GateError)
  await agent('planner', async () => {
    expect(callOf()).toThrow(GateError)
    expect(callOf('writer')).not.toThrow()
  })
})

it('charges nothing once the budgets are closed, and shows nothing of a window that has passed', async () => {
  const mine = setUp([{ name: 'all', scope: 'total', period: 'day', cost: 10 }])
  call(2)
  const shown = async () =>
    (await telemetry?.metrics())?.find(({ descriptor }) => descriptor.name === 'agentel.budget.cost.usage')?.dataPoints
  expect(await shown()).toMatchObject([{ value: 2 }])
  clock.now += 24 * 3_600_000
  expect(await shown()).toMatchObject([{ value: 0 }])
  call(1)
  await mine.close()
  call(3)
  expect(mine.checkBudget().budgets[0]?.used).toBe(1)
})

it('tells thresholds in the order of their shares, each once, whatever sums of fractions say', () => {
  const told: number[] = []
  setUp([{ name: 'hour', scope: 'total', period: 'hour', window: 'rolling', cost: 1, thresholds: [1, 0.8, 0.5] }], {
    onThreshold: (_, threshold) => told.push(threshold),
  })
  call(0.6)
  call(0.2)
  expect(told).toEqual([0.5, 0.8])
  clock.now += 60_000
  // Less 0.35, the new sum is less than 0.8 by a rounding.
  expect(0.8 + 0.35 - 0.35).toBeLessThan(0.8)
  call(0.35)
  expect(told).toEqual([0.5, 0.8, 1])
})

it('forgets nobody who has spent lately to make room', () => {
  const { checkBudget } = setUp([{ name: 'user', scope: 'user', period: 'day', cost: 10 }], { maxAccounts: 2 })
  for (const user of ['a', 'b', 'a', 'c']) call(1, { 'user.id': user })
  expect(['a', 'c'].map((userId) => checkBudget({ userId }).budgets[0]?.used)).toEqual([2, 1])
})

it('tells a dear request the same where its window is called rolling: a single call has none', () => {
  const told: unknown[] = []
  const budget = { name: 'dear', scope: 'total', period: 'request', cost: 1, thresholds: [1] } as const
  setUp([budget, { ...budget, name: 'rolling', window: 'rolling' }], {
    onThreshold: (status) => told.push({ ...status, name: '' }),
  })
  call(1.5)
  expect(told).toHaveLength(2)
  expect(told[1]).toEqual(told[0])
})
