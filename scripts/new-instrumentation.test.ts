import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { instrumentationFiles } from './instrumentation-template.ts'
import { checkFile, checkInstrumentation, checkPackage } from './shape.ts'

const root = join(import.meta.dirname, '..')
// Three levels below the root, as packages are, so that the relative paths in its tsconfig hold.
const directory = `.cache/new-instrumentation/${process.pid}`
const files = instrumentationFiles({
  folder: 'made-up-sdk',
  module: '@made/up',
  target: 'MadeUp.Messages',
  method: 'create',
  major: 1,
})

beforeAll(() => {
  for (const [file, content] of files) {
    mkdirSync(dirname(join(root, directory, file)), { recursive: true })
    writeFileSync(join(root, directory, file), content)
  }
  symlinkSync(join(root, 'packages/instrumentations/openai/node_modules'), join(root, directory, 'node_modules'))
})
afterAll(() => rmSync(join(root, directory), { recursive: true }))

it('a new instrumentation has the shape that is checked', () => {
  const found = [...files].flatMap(([file, content]) => (file.endsWith('.ts') ? checkFile(file, content) : []))
  expect([...found, ...checkPackage(root, directory), ...checkInstrumentation(root, directory)]).toEqual([])
})

it('a new instrumentation is formatted and compiles', () => {
  const bin = (name: string): string => join(root, 'node_modules/.bin', name)
  for (const [file, content] of files) {
    if (!file.endsWith('.ts')) continue
    const formatted = execFileSync(bin('oxfmt'), [`--stdin-filepath=scripts/${file}`], { cwd: root, input: content })
    expect(formatted.toString()).toBe(content)
  }
  const config = {
    extends: '../../../tsconfig.base.json',
    include: ['src', 'test'],
    compilerOptions: { composite: false, noEmit: true },
  }
  writeFileSync(join(root, directory, 'tsconfig.json'), JSON.stringify(config))
  execFileSync(bin('tsc'), ['-p', join(root, directory)], { cwd: root, stdio: 'pipe' })
})
