import { expect, it } from 'vitest'
import { rememberModelCalls } from '../src/model-calls.ts'

it('says once that a span had a model call inside', () => {
  const calls = rememberModelCalls(10)
  calls.add('a')
  expect([calls.take('a'), calls.take('a'), calls.take('b')]).toEqual([true, false, false])
})

it('forgets the oldest when there are too many', () => {
  const calls = rememberModelCalls(2)
  for (const id of ['a', 'b', 'c']) calls.add(id)
  expect([calls.take('a'), calls.take('b'), calls.take('c')]).toEqual([false, true, true])
})
