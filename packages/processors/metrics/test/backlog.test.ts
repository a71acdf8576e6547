import { setCostParts, type ReadableSpanLike } from '@agentel/processor-kit'
import { expect, test } from 'vitest'
import { createBacklog, type EndedCall } from '../src/backlog.ts'

const spanNamed = (name: string): ReadableSpanLike => ({ name, attributes: {} }) as ReadableSpanLike

test('a call keeps how its cost divides and how large its trace was when it ended', () => {
  const counted: EndedCall[] = []
  const backlog = createBacklog((call) => counted.push(call))
  const [first, second] = [spanNamed('first'), spanNamed('second')]
  setCostParts(first, { input: 1 })
  backlog.add(first, 3)
  setCostParts(second, { output: 2 })
  backlog.add(second, 5)
  backlog.add(spanNamed('without a price'), 7)
  backlog.catchUp()
  expect(counted.map(({ parts, spans }) => ({ parts, spans }))).toEqual([
    { parts: { input: 1 }, spans: 3 },
    { parts: { output: 2 }, spans: 5 },
    { parts: undefined, spans: 7 },
  ])
})
