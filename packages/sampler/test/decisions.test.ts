import { expect, it } from 'vitest'
import { rememberDecisions } from '../src/decisions.ts'

it('remembers what was decided about the latest traces, kept or not, and forgets the oldest', () => {
  const decisions = rememberDecisions(4)
  for (const id of ['a', 'b', 'c']) decisions.set(id, id === 'b' ? undefined : `kept ${id}`)
  expect(['a', 'b', 'c', 'd'].map((id) => [decisions.has(id), decisions.get(id)])).toEqual([
    [true, 'kept a'],
    [true, undefined],
    [true, 'kept c'],
    [false, undefined],
  ])
  for (const id of ['d', 'e']) decisions.set(id, 'late')
  expect(['a', 'b', 'c', 'd', 'e'].filter((id) => decisions.has(id))).toEqual(['c', 'd', 'e'])
})
