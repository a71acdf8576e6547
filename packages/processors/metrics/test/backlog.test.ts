import { faultCounts, resetFaults } from '@agentel/api'
import { setCostParts, type ReadableSpanLike } from '@agentel/processor-kit'
import { beforeEach, expect, test } from 'vitest'
import { createBacklog, type EndedCall } from '../src/backlog.ts'

const spanNamed = (name: string): ReadableSpanLike => ({ name, attributes: {} }) as ReadableSpanLike
const names = (calls: readonly EndedCall[]): string[] => calls.map(({ span }) => span.name)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(() => resetFaults())

test('calls are counted at the end of the turn, in the order in which they ended', async () => {
  const counted: EndedCall[] = []
  const backlog = createBacklog((call) => counted.push(call))
  for (const name of ['a', 'b', 'c']) backlog.add(spanNamed(name), 1)
  expect(names(counted)).toEqual([])
  await turn()
  expect(names(counted)).toEqual(['a', 'b', 'c'])
  backlog.add(spanNamed('d'), 1)
  await turn()
  expect(names(counted)).toEqual(['a', 'b', 'c', 'd'])
})

test('whoever catches up sees every call, and none is counted twice', async () => {
  const counted: EndedCall[] = []
  const backlog = createBacklog((call) => counted.push(call))
  backlog.add(spanNamed('a'), 1)
  backlog.catchUp()
  backlog.catchUp()
  await turn()
  expect(names(counted)).toEqual(['a'])
})

test('64 calls wait at most, however long a turn lasts', () => {
  const counted: EndedCall[] = []
  const backlog = createBacklog((call) => counted.push(call))
  for (let index = 0; index < 63; index++) backlog.add(spanNamed(String(index)), 1)
  expect(counted).toHaveLength(0)
  backlog.add(spanNamed('63'), 1)
  expect(names(counted)).toEqual(Array.from({ length: 64 }, (_, index) => String(index)))
})

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

test('a call that cannot be counted is a fault of ours and keeps no other from being counted', () => {
  const counted: EndedCall[] = []
  const backlog = createBacklog((call) => {
    if (call.span.name === 'bad') throw new Error('cannot count')
    counted.push(call)
  })
  for (const name of ['a', 'bad', 'b']) backlog.add(spanNamed(name), 1)
  backlog.catchUp()
  expect(names(counted)).toEqual(['a', 'b'])
  expect(faultCounts()).toEqual({ 'metrics.onEnd': 1 })
})
