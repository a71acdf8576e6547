import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkCoverage, readCoverage, renderCoverage } from './coverage.ts'
import type { CoverageRow } from './coverage.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'coverage-'))
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'a.test.ts'), "it('works', () => {})\nit.skip('rests', () => {})\n")
})
afterAll(() => rmSync(root, { recursive: true }))

const requirements = { C1: 'Cost' }
const done: CoverageRow = { id: 'C1', what: 'price', where: 'src', test: { file: 'a.test.ts', title: 'works' } }
const findingsOf = (...rows: CoverageRow[]): string[] => checkCoverage({ requirements, rows }, root)

it('accepts a row whose file and test are there, and an open one', () => {
  expect(findingsOf(done, { id: 'C1', what: 'total', open: true })).toEqual([])
})

it.each<[string, CoverageRow, string]>([
  [
    'a test that is not there',
    { ...done, test: { file: 'a.test.ts', title: 'flies' } },
    'a.test.ts has no test "flies"',
  ],
  [
    'a test that is skipped',
    { ...done, test: { file: 'a.test.ts', title: 'rests' } },
    'the test "rests" in a.test.ts is skipped',
  ],
  [
    'a test file that is not there',
    { ...done, test: { file: 'b.test.ts', title: 'works' } },
    'test file b.test.ts does not exist',
  ],
  ['a place that is not there', { ...done, where: 'lib' }, 'lib does not exist'],
  [
    'a row with neither test nor open',
    { id: 'C1', what: 'price', where: 'src' },
    'needs where and test, or open: true',
  ],
  ['a row that is open and done', { ...done, open: true }, 'is open and names a test; take one of them away'],
])('finds %s', (_, row, finding) => {
  expect(findingsOf(row)).toEqual([`C1 "price": ${finding}`])
})

it('finds an id that no requirement has, and a requirement without a row', () => {
  expect(findingsOf({ id: 'Z9', what: 'x', open: true })).toEqual([
    'C1 has no row, not even an open one',
    'Z9 "x": no requirement has this id',
  ])
})

it('shows what is done with its test, and lists what is open', () => {
  const yaml = `
requirements: {C1: Cost}
rows:
  - {id: C1, what: price, where: src, test: {file: a.test.ts, title: works}}
  - {id: C1, what: total, open: true}
`
  expect(renderCoverage(readCoverage(yaml)))
    .toBe(`<!-- Generated from docs/coverage.yaml by \`pnpm generate\`. Do not edit. -->

# What is there, and which test shows it

1 of 2 items are done. An item is done when a test shows it; the rest is listed as open.

## C1 Cost
| what | where | test |
|---|---|---|
| price | \`src\` | works (\`a.test.ts\`) |

Open: total.
`)
})
