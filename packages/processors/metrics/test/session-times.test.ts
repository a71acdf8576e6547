import { lossCounts } from '@agentel/api'
import { afterEach, expect, it, vi } from 'vitest'
import { type MetricsSetUp, setUp, span, START } from './spans.ts'

let test: MetricsSetUp | undefined
afterEach(() => {
  vi.useRealTimers()
  return test?.telemetry.shutdown()
})

const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' }

it('goes on with a session as long as its spans come within the time-out, and ends the one that was idle longest to make room, which counts as a loss', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  test = setUp({ sessionIdleTimeout: 10, maxSessions: 2 })
  const active = async () => (await test?.points('agentel.session.active'))?.map(({ value }) => value)
  const at = (seconds: number, id?: string) => {
    vi.setSystemTime(START + seconds * 1000)
    if (id !== undefined) span('invoke_agent planner', { ...AGENT, 'session.id': id })
  }
  for (const seconds of [0, 8, 16]) at(seconds, 'a')
  at(25)
  expect(await active()).toEqual([1])
  expect(await test.names()).not.toContain('agentel.session.duration')
  at(26)
  expect(await active()).toEqual([0])
  const lost = () => lossCounts()['metrics.sessions'] ?? 0
  const before = lost()
  for (const [index, id] of ['a', 'b', 'a', 'c'].entries()) at(30 + index, id)
  expect(['a', 'b', 'c'].filter((id) => test?.metrics.endSession(id))).toEqual(['a', 'c'])
  expect(lost() - before).toBe(1)
  for (const [index, id] of ['d', 'e'].entries()) at(50 + index, id)
  at(70)
  expect(await active()).toEqual([0])
  expect(lost() - before).toBe(1)
})

it('lasts until its last end, though what ended then is not what was told last', async () => {
  test = setUp()
  for (const seconds of [20, 10]) span('invoke_agent planner', { ...AGENT, 'session.id': 's1' }, { seconds })
  test.metrics.endSession('s1')
  expect(await test.points('agentel.session.duration')).toEqual([{ attributes: {}, value: { count: 1, sum: 20 } }])
})
