import { readFileSync } from 'node:fs'
import { faultCounts, GateError, withIdentity } from '@agentel/api'
import { expect, it } from 'vitest'
import { SCOPE_NAME, SCOPE_VERSION } from '../src/version.ts'
import { beforeChat, call, clock, setUp, telemetry } from './budget-set-up.ts'

it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])('is charged nothing by a call that says it cost %d', (amount) => {
  const { checkBudget } = setUp([
    { name: 'all', scope: 'total', period: 'day', cost: 10 },
    { name: 'tokens', scope: 'total', period: 'day', tokens: 100 },
  ])
  call(amount, { 'gen_ai.usage.input_tokens': amount, 'gen_ai.usage.output_tokens': 7 })
  call(3)
  expect(checkBudget().budgets.map(({ used }) => used)).toEqual([3, 7])
})

it('tells used, remaining and percentage of each budget that a call would be charged to', () => {
  const { checkBudget } = setUp([
    { name: 'all', scope: 'total', period: 'day', cost: 10 },
    { name: 'user', scope: 'user', period: 'hour', cost: 4 },
    { name: 'tokens', scope: 'session', period: 'month', tokens: 1000 },
    { name: 'agent', scope: 'agent', period: 'day', cost: 1 },
    { name: 'tenant', scope: 'tenant', period: 'day', cost: 1 },
  ])
  call(1, { 'user.id': 'ann', 'session.id': 's1', 'gen_ai.usage.input_tokens': 200, 'gen_ai.usage.output_tokens': 50 })
  call(2, { 'user.id': 'bob' })
  const day = { from: Date.parse('2026-11-21T00:00:00Z'), until: Date.parse('2026-11-22T00:00:00Z') }
  expect(checkBudget({ userId: 'ann', sessionId: 's1' })).toEqual({
    allowed: true,
    budgets: [
      {
        name: 'all',
        scope: 'total',
        key: '',
        unit: 'usd',
        limit: 10,
        used: 3,
        remaining: 7,
        percentage: 30,
        exceeded: false,
        ...day,
      },
      {
        name: 'user',
        scope: 'user',
        key: 'ann',
        unit: 'usd',
        limit: 4,
        used: 1,
        remaining: 3,
        percentage: 25,
        exceeded: false,
        from: clock.now,
        until: clock.now + 3_600_000,
      },
      {
        name: 'tokens',
        scope: 'session',
        key: 's1',
        unit: 'token',
        limit: 1000,
        used: 250,
        remaining: 750,
        percentage: 25,
        exceeded: false,
        from: Date.parse('2026-11-01T00:00:00Z'),
        until: Date.parse('2026-12-01T00:00:00Z'),
      },
    ],
  })
  call(3, { 'user.id': 'bob', 'gen_ai.agent.name': 'planner', 'agentel.tenant.id': 't1' })
  const bob = withIdentity({ userId: 'bob', tenantId: 't1' }, () => checkBudget())
  expect(bob.allowed).toBe(false)
  expect(
    bob.budgets.map(({ name, used, remaining, percentage, exceeded }) => [name, used, remaining, percentage, exceeded]),
  ).toEqual([
    ['all', 6, 4, 60, false],
    ['user', 5, 0, 125, true],
    ['tenant', 3, 0, 300, true],
  ])
  expect(checkBudget({ agent: 'planner' }).budgets.at(-1)).toMatchObject({ name: 'agent', used: 3, exceeded: true })
})

it('counts leaf calls only, never the sums on agents and workflows', () => {
  const { checkBudget } = setUp([{ name: 'all', scope: 'total', period: 'day', cost: 10 }])
  call(1)
  call(1, { 'gen_ai.operation.name': 'invoke_agent' })
  call(1, { 'gen_ai.operation.name': 'invoke_workflow' })
  expect(checkBudget().budgets[0]?.used).toBe(1)
})

it('warns at 80 % and is critical at 100 %, once in a window: by event, metric and callback', async () => {
  const told: unknown[] = []
  setUp([{ name: 'user', scope: 'user', period: 'day', cost: 10 }], {
    onThreshold: ({ name, key, used }, threshold) => told.push([name, key, used, threshold]),
  })
  for (const cost of [7, 1, 1, 1, 5]) call(cost, { 'user.id': 'ann' })
  expect(told).toEqual([
    ['user', 'ann', 8, 0.8],
    ['user', 'ann', 10, 1],
  ])
  const shared = { 'agentel.budget.name': 'user', 'agentel.budget.scope': 'user' }
  const details = { 'agentel.budget.limit': 10, 'agentel.budget.unit': 'usd', 'user.id': 'ann' }
  expect(
    telemetry?.logs().map(({ eventName, severityNumber, attributes }) => ({ eventName, severityNumber, attributes })),
  ).toEqual([
    {
      eventName: 'agentel.budget.threshold_exceeded',
      severityNumber: 13,
      attributes: { ...shared, ...details, 'agentel.budget.threshold': 0.8, 'agentel.budget.usage': 8 },
    },
    {
      eventName: 'agentel.budget.threshold_exceeded',
      severityNumber: 17,
      attributes: { ...shared, ...details, 'agentel.budget.threshold': 1, 'agentel.budget.usage': 10 },
    },
  ])
  expect(telemetry?.logs()[0]?.spanContext?.traceId).toBe(telemetry?.spans()[1]?.spanContext().traceId)
  const metrics = (await telemetry?.metrics()) ?? []
  expect(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }) => [attributes, value]),
    ]),
  ).toEqual([
    [
      'agentel.budget.crossings',
      [
        [{ ...shared, 'agentel.budget.threshold': 0.8 }, 1],
        [{ ...shared, 'agentel.budget.threshold': 1 }, 1],
      ],
    ],
  ])
})

it('shows gauges for the scopes total, tenant and agent, and none for users and sessions', async () => {
  setUp([
    { name: 'all', scope: 'total', period: 'day', cost: 10 },
    { name: 'agent', scope: 'agent', period: 'day', tokens: 100 },
    { name: 'user', scope: 'user', period: 'day', cost: 1 },
  ])
  call(4, { 'gen_ai.agent.name': 'planner', 'gen_ai.usage.input_tokens': 30, 'user.id': 'ann' })
  const all = { 'agentel.budget.name': 'all', 'agentel.budget.scope': 'total' }
  const agent = { 'agentel.budget.name': 'agent', 'agentel.budget.scope': 'agent', 'gen_ai.agent.name': 'planner' }
  const metrics = (await telemetry?.metrics()) ?? []
  const gauges = metrics.filter(({ descriptor }) => descriptor.name !== 'agentel.budget.crossings')
  expect(
    Object.fromEntries(
      gauges.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => [attributes, value]),
      ]),
    ),
  ).toEqual({
    'agentel.budget.cost.limit': [[all, 10]],
    'agentel.budget.cost.usage': [[all, 4]],
    'agentel.budget.token.limit': [[agent, 100]],
    'agentel.budget.token.usage': [[agent, 30]],
    'agentel.budget.utilization': [
      [all, 0.4],
      [agent, 0.3],
    ],
  })
})

it('refuses calls when told to and the budget is used up, until its window ends', () => {
  setUp([
    { name: 'watched', scope: 'total', period: 'day', cost: 1 },
    { name: 'hard', scope: 'user', period: 'day', cost: 2, onExceeded: 'throw' },
  ])
  call(3, { 'user.id': 'ann' })
  expect(beforeChat).not.toThrow()
  withIdentity({ userId: 'bob' }, () => expect(beforeChat).not.toThrow())
  withIdentity({ userId: 'ann' }, () => {
    expect(beforeChat).toThrow(GateError)
    expect(beforeChat).toThrow(
      'budget "hard" (user) is used up: $3.0000 of $2. Calls are refused until 2026-11-22T00:00:00.000Z',
    )
    clock.now = Date.parse('2026-11-22T00:00:00Z')
    expect(beforeChat).not.toThrow()
  })
})

it('lets calls pass again when the budgets are closed', async () => {
  const mine = setUp([{ name: 'hard', scope: 'total', period: 'day', cost: 1, onExceeded: 'throw' }])
  call(2)
  expect(beforeChat).toThrow(GateError)
  await mine.close()
  expect(beforeChat).not.toThrow()
})

it('forgets spend that has left a rolling window, and tells a crossing again after it fell below', () => {
  const told: number[] = []
  const { checkBudget } = setUp(
    [{ name: 'hour', scope: 'total', period: 'hour', window: 'rolling', cost: 10, thresholds: [0.8] }],
    {
      onThreshold: ({ used }) => told.push(used),
    },
  )
  call(5)
  clock.now += 40 * 60_000
  call(4)
  clock.now += 30 * 60_000
  expect(checkBudget().budgets[0]?.used).toBe(4)
  call(5)
  expect(told).toEqual([9, 9])
})

it('tells a single request that is dearer than its limit, and keeps nothing of it', () => {
  const told: unknown[] = []
  const { checkBudget } = setUp([{ name: 'dear', scope: 'total', period: 'request', cost: 1, thresholds: [1] }], {
    onThreshold: ({ used }, threshold) => told.push([used, threshold]),
  })
  for (const cost of [0.5, 0.9, 1.5]) call(cost)
  expect(told).toEqual([[1.5, 1]])
  expect(checkBudget().budgets).toEqual([])
})

it('takes a callback that throws for a fault of its own', () => {
  setUp([{ name: 'all', scope: 'total', period: 'day', cost: 1 }], {
    onThreshold: () => {
      throw new Error('callback')
    },
  })
  expect(() => call(5)).not.toThrow()
  expect(faultCounts()).toEqual({ 'budget.onThreshold': 2 })
})

it('forgets the account that spent longest ago when there are too many, and counts it', async () => {
  const { checkBudget } = setUp([{ name: 'user', scope: 'user', period: 'day', cost: 10 }], { maxAccounts: 2 })
  for (const user of ['a', 'b', 'c']) call(1, { 'user.id': user })
  expect(checkBudget({ userId: 'c' }).budgets[0]?.used).toBe(1)
  expect(checkBudget({ userId: 'b' }).budgets[0]?.used).toBe(1)
  const evicted = (await telemetry?.metrics())?.find(({ descriptor }) => descriptor.name === 'agentel.self.evicted')
  expect(evicted?.dataPoints).toMatchObject([{ value: 1, attributes: { 'agentel.component.name': 'budget' } }])
})

it('takes name and version of its scope from package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    version: string
  }
  expect([SCOPE_NAME, SCOPE_VERSION]).toEqual([name, version])
})
