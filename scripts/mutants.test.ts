import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { mutated } from './change.ts'
import { findMutants } from './mutants.ts'

const roots: string[] = []
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

const SOURCE = 'export function half(value: number) {\n  return value > 4 ? value / 2 : value\n}\n'

/** The mutants of a package of one file whose table holds this. */
function mutantsIn(table: string) {
  const root = mkdtempSync(join(tmpdir(), 'agentel-mutants-'))
  roots.push(root)
  const folder = join(root, 'packages', 'one')
  for (const name of ['src', 'test']) mkdirSync(join(folder, name), { recursive: true })
  const files = {
    'package.json': '{"type":"module"}',
    'src/half.ts': SOURCE,
    'test/half.test.ts': '',
    'test/mutants.ts': table,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return findMutants(root)
}

const mutantIn = (rest: string) =>
  mutantsIn(`export const mutants = [{ file: 'src/half.ts', tests: ['test/half.test.ts'], ${rest} }]`)

it('changes a function or a decision, on the lines where it stands', async () => {
  const [off] = await mutantIn("function: 'half'")
  expect(off).toMatchObject({ id: 'one/half.ts half' })
  expect(mutated(SOURCE, off!.change)).toBe(`half = (() => () => undefined)(half); ${SOURCE}`)
  const [other] = await mutantIn("from: 'value > 4', to: 'value >= 4'")
  expect(other).toMatchObject({ id: 'one/half.ts "value > 4" -> "value >= 4"' })
  expect(mutated(SOURCE, other!.change)).toBe(SOURCE.replace('>', '>='))
})

it.each([
  ["function: 'third'", 'there is no function declaration third'],
  ["from: 'value < 4', to: ''", 'its text is found 0 times'],
  ["from: 'value', to: '1'", 'its text is found 4 times'],
  ["from: 'value > 4', to: 'value >'", 'does not parse'],
  ["function: 'half', off: '() => ('", 'does not parse'],
  ["function: 'half', tests: ['test/third.test.ts']", 'there is no test'],
])('refuses a mutant that changes nothing or cannot run: %s', async (rest, message) => {
  await expect(mutantIn(rest)).rejects.toThrow(message)
})

it('makes mutants of the patches of a table and of the readers with a name, not of those written in place', async () => {
  const table = `{ patches: [{ name: 'a', find: [(value) => value], read: half }] }`
  const found = await mutantsIn(
    `import { half } from '../src/half.ts'
    export const tables = [{ table: ${table}, file: 'src/half.ts', function: 'half', tests: ['test/half.test.ts'] }]`,
  )
  expect(found.map(({ id }) => id)).toEqual(['one/half.ts half (a)', 'one/half.ts half'])
})
