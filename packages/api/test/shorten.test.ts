import { describe, expect, it } from 'vitest'
import { shorten } from '../src/shorten.ts'

describe('shorten', () => {
  it.each<[unknown, number, unknown]>([
    [{ a: 1, b: 2 }, 100, { a: 1, b: 2 }],
    [{ a: 'long enough to be cut', b: 2 }, 16, { a: 'long en…' }],
    [['a', 12345678, 1], 9, ['a']],
    [{ a: 'a', b: 12345678, c: 1 }, 17, { a: 'a' }],
    [[[['deep']]], 9, [[['…']]]],
    [[[['deep']]], 4, [[]]],
    ['"quoted"', 8, '"q…'],
    ['', 2, ''],
    [true, 3, undefined],
    [{ a: 1 }, 1, undefined],
  ])('%j in %i characters is %j', (value, room, short) => {
    expect(shorten(value, room)).toEqual(short)
  })
})
