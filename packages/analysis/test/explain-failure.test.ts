import { expect, it } from 'vitest'
import { buildSpanTree, explainFailure, type Step } from '../src/index.ts'

const step = (id: string, parent: string | null, start: number, duration: number, rest: Partial<Step> = {}): Step => ({
  id,
  parent,
  start,
  duration,
  status: 0,
  name: id,
  type: 'other',
  ...rest,
})
const failed = { status: 2 } as const
const explain = (steps: readonly Step[]) => explainFailure(steps, buildSpanTree(steps))

it('names the agents above the failure, the tries before it with their waits, and the tools that were called', () => {
  const steps = [
    step('desk', null, 0, 100, { type: 'agent', ...failed }),
    step('ask', 'desk', 0, 90, failed),
    step('clerk', 'ask', 0, 90, { type: 'agent', ...failed }),
    step('chat', 'clerk', 1, 4, { type: 'model' }),
    step('1', 'clerk', 10, 5, { type: 'tool', name: 'fetch', ...failed }),
    step('2', 'clerk', 17, 5, { type: 'tool', name: 'fetch', ...failed }),
    step('3', 'clerk', 32, 5, { type: 'tool', name: 'fetch', ...failed }),
    step('look', 'clerk', 6, 2, { type: 'tool' }),
    step('late', 'desk', 95, 2, { type: 'tool' }),
  ]
  expect(explain(steps)).toEqual({
    failed: true,
    origin: 6,
    lastSuccess: 7,
    recovered: [],
    path: [0, 2, 6],
    attempts: [
      { span: 4, wait: 2 },
      { span: 5, wait: 10 },
    ],
    toolCalls: [7, 4, 5, 6],
  })
})

it('counts as tries neither what went well, nor what is older than that, nor what ran beside it', () => {
  const fetch = { type: 'tool', name: 'fetch' } as const
  const steps = [
    step('root', null, 0, 100, failed),
    step('1', 'root', 0, 1, { ...fetch, ...failed }),
    step('2', 'root', 2, 1, fetch),
    step('3', 'root', 4, 30, { ...fetch, ...failed }),
    step('4', 'root', 5, 40, { ...fetch, ...failed }),
  ]
  expect(explain(steps)).toMatchObject({ origin: 4, attempts: [], toolCalls: [1, 2, 3, 4] })
})

it('has nothing to say of a trace without an error', () => {
  expect(explain([step('root', null, 0, 1)])).toEqual({
    failed: false,
    origin: -1,
    lastSuccess: -1,
    recovered: [],
    path: [],
    attempts: [],
    toolCalls: [],
  })
})
