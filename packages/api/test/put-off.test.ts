import { beforeEach, expect, test } from 'vitest'
import { faultCounts, putOff, resetFaults } from '../src/index.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(() => resetFaults())

test('work is done at the end of the turn, in the order in which it came', async () => {
  const done: string[] = []
  const work = putOff<string>('test', (item) => done.push(item))
  for (const item of ['a', 'b', 'c']) work.add(item)
  expect(done).toEqual([])
  await turn()
  expect(done).toEqual(['a', 'b', 'c'])
  work.add('d')
  await turn()
  expect(done).toEqual(['a', 'b', 'c', 'd'])
})

test('whoever catches up sees all of it, and nothing is done twice', async () => {
  const done: string[] = []
  const work = putOff<string>('test', (item) => done.push(item))
  work.add('a')
  work.catchUp()
  work.catchUp()
  await turn()
  expect(done).toEqual(['a'])
})

test('64 items wait at most, however long a turn lasts', () => {
  const done: number[] = []
  const work = putOff<number>('test', (item) => done.push(item))
  for (let item = 0; item < 63; item++) work.add(item)
  expect(done).toHaveLength(0)
  work.add(63)
  expect(done).toEqual(Array.from({ length: 64 }, (_, item) => item))
})

test('an item that fails is a fault of ours and keeps no other from being done', () => {
  const done: string[] = []
  const work = putOff<string>('test', (item) => {
    if (item === 'bad') throw new Error('no')
    done.push(item)
  })
  for (const item of ['a', 'bad', 'b']) work.add(item)
  work.catchUp()
  expect(done).toEqual(['a', 'b'])
  expect(faultCounts()).toEqual({ test: 1 })
})
