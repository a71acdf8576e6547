import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkFile, checkInstrumentation, checkPackage } from './shape.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'shape-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const lines = (count: number): string => '  void 0\n'.repeat(count)

it('accepts a short file with a telling name', () => {
  expect(checkFile('packages/api/src/log-events.ts', 'export const a = 1\n')).toEqual([])
})

it('finds names that are not kebab-case or say nothing', () => {
  expect(checkFile('packages/api/src/logEvents.ts', '')).toEqual([
    'packages/api/src/logEvents.ts: the name is not kebab-case',
  ])
  expect(checkFile('packages/api/src/utils.ts', '')).toEqual([
    'packages/api/src/utils.ts: "utils" says nothing; name the file for what it exports',
  ])
})

it('finds a file that is too long', () => {
  expect(checkFile('packages/api/src/a.ts', lines(301))).toEqual(['packages/api/src/a.ts: 301 lines, at most 300'])
})

it('finds a function that is too long, and does not count what it holds', () => {
  expect(checkFile('packages/api/src/a.ts', `export function a() {\n${lines(49)}}\n`)).toEqual([
    'packages/api/src/a.ts:1: a function of 51 lines, at most 50',
  ])
  const inner = `function b() {\n${lines(40)}}\n`
  expect(checkFile('packages/api/src/a.ts', `export function a() {\n${inner}${lines(40)}}\n`)).toEqual([])
})

it('finds tests that are left out', () => {
  const source = "it.skip('one', () => {})\nit.only('two', () => {})\n"
  expect(checkFile('packages/api/test/a.test.ts', source)).toEqual([
    'packages/api/test/a.test.ts: the test "one" is skipped',
    'packages/api/test/a.test.ts: .only leaves the other tests out',
  ])
})

it('wants a README that begins with the name of the package', () => {
  mkdirSync(join(root, 'packages/x'), { recursive: true })
  writeFileSync(join(root, 'packages/x/package.json'), '{"name": "@agentel/x"}')
  expect(checkPackage(root, 'packages/x')).toEqual(['packages/x: README.md is missing'])
  writeFileSync(join(root, 'packages/x/README.md'), '# X\n')
  expect(checkPackage(root, 'packages/x')).toEqual(['packages/x/README.md: the first line must be "# @agentel/x"'])
  writeFileSync(join(root, 'packages/x/README.md'), '# @agentel/x\n')
  expect(checkPackage(root, 'packages/x')).toEqual([])
})

it('holds an instrumentation to its files, its size and the headings of its README', () => {
  const directory = 'packages/instrumentations/x'
  mkdirSync(join(root, directory, 'src'), { recursive: true })
  mkdirSync(join(root, directory, 'test'))
  writeFileSync(join(root, directory, 'src/instrumentation.ts'), lines(121))
  expect(checkInstrumentation(root, directory)).toEqual([
    `${directory}: src/index.ts is missing`,
    `${directory}: has no test`,
    `${directory}/src/instrumentation.ts: 121 lines, at most 120`,
    `${directory}/README.md: the headings must be Supported versions, Use, What is recorded, Options, Limits`,
  ])
  writeFileSync(join(root, directory, 'src/instrumentation.ts'), lines(120))
  writeFileSync(join(root, directory, 'src/index.ts'), '')
  writeFileSync(join(root, directory, 'test/x.test.ts'), '')
  writeFileSync(
    join(root, directory, 'README.md'),
    '# x\n## Supported versions\n## Use\n## What is recorded\n## Options\n## Limits\n',
  )
  expect(checkInstrumentation(root, directory)).toEqual([])
})
