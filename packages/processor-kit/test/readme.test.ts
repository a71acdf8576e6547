import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

describe('the first example in the README', () => {
  it.each([
    ['api', 'a page about tides'],
    ['processor-kit', "'cloud.region': 'eu-1'"],
    ['sampler', 'true'],
    ['testing', '{ a: 1 }'],
  ])('of %s runs and prints what it should', (name, printed) => {
    const [, example] =
      /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'packages', name, 'README.md'), 'utf8')) ?? []
    // Beside the tests of the package, where its dependencies are found.
    const folder = mkdtempSync(join(root, 'packages', name, 'test/.readme-'))
    try {
      writeFileSync(join(folder, 'example.ts'), example!)
      const run = spawnSync(process.execPath, ['--conditions=@agentel/source', join(folder, 'example.ts')], {
        encoding: 'utf8',
      })
      expect([run.status, run.stderr]).toEqual([0, ''])
      expect(run.stdout).toContain(printed)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
