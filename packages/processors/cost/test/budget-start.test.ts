import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'agentel-budget-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const opener = join(import.meta.dirname, 'budget-opener.ts')

it('lets processes start at the same moment with a file that is not there yet', async () => {
  const start = String(Date.now() + 1500)
  const open = () =>
    promisify(execFile)(process.execPath, ['--conditions=@agentel/source', opener, folder, '60', start])
  const runs = await Promise.all([open(), open(), open()])
  expect(runs.map(({ stderr }) => stderr)).toEqual(['', '', ''])
})
