import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installSdk } from '@agentel/testing/contract'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const page = readFileSync(join(root, 'docs/logging.md'), 'utf8')
const observe = join(import.meta.dirname, 'fixtures/observe.ts')
const LINES = 300
const KILOBYTE = 1024

/** The example of a logger in docs/logging.md, its files of 100 MB made ones of a kilobyte. */
function exampleOf(logger: string): string {
  const [, code = ''] = new RegExp(`\`\`\`js\\n(import ${logger} [\\s\\S]*?)\`\`\``).exec(page) ?? []
  const smaller = code.replace("size: '100m'", "size: '1k'").replace('100 * 1024 * 1024', String(KILOBYTE))
  if (smaller === code) throw new Error(`docs/logging.md shows no files of 100 MB for ${logger}`)
  return smaller
}

/** pino's transport, which is no dependency of the workspace, where an application in the folder finds it. */
async function installPinoRoll(folder: string): Promise<void> {
  const installed = await installSdk('pino-roll', 4, {
    matrix: join(root, 'test/matrix'),
    cache: join(root, '.cache/matrix'),
  })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(installed, 'node_modules/pino-roll'), join(folder, 'node_modules/pino-roll'))
}

describe('the example of a file that rotates in docs/logging.md', () => {
  it.each(['pino', 'winston'])(
    'of %s keeps the last lines in whole files of bounded size and number',
    async (logger) => {
      // Beside the tests, where the loggers are found.
      const folder = mkdtempSync(join(import.meta.dirname, '.rotation-'))
      try {
        if (logger === 'pino') await installPinoRoll(folder)
        const lines = `for (let n = 0; n < ${LINES}; n++) {
        log.info({ message: 'line', n })
        if (n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 20))
      }`
        writeFileSync(join(folder, 'app.mjs'), `${exampleOf(logger)}\n${lines}\n`)
        const records = join(folder, 'records.json')
        const args = ['--conditions=@agentel/source', '--import', observe, 'app.mjs']
        const env = { ...process.env, RECORDS: records }
        const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
        expect([status, stderr]).toEqual([0, ''])
        const files = readdirSync(join(folder, 'logs')).map((name) => join(folder, 'logs', name))
        expect(files.length).toBeGreaterThan(1)
        // The one that is written and the five before it.
        expect(files.length).toBeLessThanOrEqual(6)
        const kept = files
          .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
          .filter((line) => line !== '')
          .map((line) => (JSON.parse(line) as { n: number }).n)
          .toSorted((a, b) => a - b)
        expect(kept).toEqual(Array.from(kept, (_, index) => LINES - kept.length + index))
        expect(kept.length).toBeGreaterThan(20)
        expect(kept.length).toBeLessThan(LINES)
        for (const file of files) expect(statSync(file).size).toBeLessThan(4 * KILOBYTE)
        expect(JSON.parse(readFileSync(records, 'utf8'))).toHaveLength(LINES)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
})
