import { expect, it } from 'vitest'
import { openTrace } from '../src/tail-trace.ts'
import { rememberTraces } from '../src/trace-memory.ts'

it('remembers the latest traces, and of the older ones those that wait', () => {
  const traces = rememberTraces(4)
  const added = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...openTrace(id, 0), decided: id !== 'b' }))
  for (const trace of added.slice(0, 3)) traces.add(trace)
  expect(['a', 'b', 'c', 'd'].map((id) => traces.get(id))).toEqual([...added.slice(0, 3), undefined])
  for (const trace of added.slice(3)) traces.add(trace)
  expect(['a', 'b', 'c', 'd', 'e'].filter((id) => traces.get(id) !== undefined)).toEqual(['b', 'c', 'd', 'e'])
})
