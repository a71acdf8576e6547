import { expect, it } from 'vitest'
import { findTests } from './test-titles.ts'

it('finds titles as written, those of tables too', () => {
  const source = `
describe('suite', () => {
  it('plain', () => {})
  test("it's quoted", async () => {})
  it.each([['a', "b) => it('no')"], ['c', \`d\`]])('table %s', (x) => {})
  it.each\`a | b\`('tagged', () => {})
  it(\`in backticks\`, () => {})
})`
  expect(findTests('a.test.ts', source)).toEqual([
    { title: 'plain', skipped: false },
    { title: "it's quoted", skipped: false },
    { title: 'table %s', skipped: false },
    { title: 'tagged', skipped: false },
    { title: 'in backticks', skipped: false },
  ])
})

it('says which tests are skipped, by themselves or by their suite', () => {
  const source = `
it.skip('one', () => {})
it.todo('two')
it.skipIf(process.platform === 'win32')('three', () => {})
describe.skip('suite', () => { describe('inner', () => { it('four', () => {}) }) })
it('five', () => {})`
  expect(findTests('a.test.ts', source)).toEqual([
    { title: 'one', skipped: true },
    { title: 'two', skipped: true },
    { title: 'three', skipped: true },
    { title: 'four', skipped: true },
    { title: 'five', skipped: false },
  ])
})

it('names the file that does not parse', () => {
  expect(() => findTests('broken.test.ts', 'it(')).toThrow('broken.test.ts does not parse')
})
