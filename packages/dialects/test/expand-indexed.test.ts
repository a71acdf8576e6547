import { expect, it } from 'vitest'
import { expandIndexed, expandList } from '../src/expand-indexed.ts'

it('builds lists and objects from dotted keys, in the order of the numbers', () => {
  const flat = new Map<string, unknown>([
    ['10.role', 'b'],
    ['2.role', 'a'],
    ['2.calls.0.name', 'x'],
  ])
  expect(expandIndexed(flat)).toEqual([{ role: 'a', calls: [{ name: 'x' }] }, { role: 'b' }])
})

it('makes no huge list of a wild number, and no prototype of a wild key', () => {
  const flat = new Map<string, unknown>([
    ['4000000000.role', 'a'],
    ['4000000000.__proto__.polluted', true],
  ])
  const list = expandList(flat)
  expect(list).toHaveLength(1)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it('lets the structure win where a key is a value too', () => {
  expect(
    expandIndexed(
      new Map<string, unknown>([
        ['a', 1],
        ['a.b', 2],
      ]),
    ),
  ).toEqual({ a: { b: 2 } })
  expect(
    expandIndexed(
      new Map<string, unknown>([
        ['a.b', 2],
        ['a', 1],
      ]),
    ),
  ).toEqual({ a: { b: 2 } })
  expect(expandList(new Map())).toBeUndefined()
})
