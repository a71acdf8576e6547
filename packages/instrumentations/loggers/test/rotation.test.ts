import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installSdk } from '@agentel/testing/contract'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const matrix = { matrix: join(root, 'test/matrix'), cache: join(root, '.cache/matrix') }
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

describe('the example of a file that rotates in docs/logging.md', () => {
  it.each(['pino', 'winston'])(
    'of %s keeps the last lines in whole files of bounded size and number',
    async (logger) => {
      // Beside the loggers, where the example finds them.
      const folder = mkdtempSync(join(await installSdk('pino-roll', 4, matrix), 'rotation-'))
      try {
        // Waits for the writer after ten lines, however busy the machine: what piles up before it goes into one file.
        const lines = `const { globSync, readFileSync } = await import('node:fs')
      const isWritten = (n) => {
        try {
          return globSync('logs/*').some((name) => new RegExp('"n":' + n + '[,}]').test(readFileSync(name, 'utf8')))
        } catch {
          return false // the logger removed an old file meanwhile
        }
      }
      for (let n = 0; n < ${LINES}; n++) {
        log.info({ n, message: 'line' })
        if (n % 10 !== 9) continue
        do await new Promise((resolve) => setTimeout(resolve, 20))
        while (!isWritten(n))
      }`
        writeFileSync(join(folder, 'app.mjs'), `${exampleOf(logger)}\n${lines}\n`)
        const records = join(folder, 'records.json')
        const args = ['--conditions=@agentel/source', '--import', observe, 'app.mjs']
        const env = { ...process.env, RECORDS: records }
        const { status, stderr } = spawnSync(process.execPath, args, {
          cwd: folder,
          env,
          encoding: 'utf8',
          timeout: 50_000,
        })
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
