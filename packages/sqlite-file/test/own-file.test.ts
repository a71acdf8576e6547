import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, expect, test, vi } from 'vitest'
import { isBusy, openOwnFile } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-own-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('processes may open a file that is not there yet at the same moment', async () => {
  const start = String(Date.now() + 1500)
  const opener = join(import.meta.dirname, 'opener.ts')
  const open = () =>
    promisify(execFile)(process.execPath, ['--conditions=@agentel/source', opener, folder, '60', start])
  const runs = await Promise.all([open(), open(), open()])
  expect(runs.map(({ stderr }) => stderr)).toEqual(['', '', ''])
  const last = openOwnFile(join(folder, 'together-59.db'), { patience: 0 })
  expect(last.prepare('SELECT count(*) AS count FROM rows').get()).toEqual({ count: 3 })
  last.close()
})

test("a file is nobody else's to read, with those beside it, and survives the end of its process", () => {
  const database = openOwnFile(join(folder, 'mode.db'), { patience: 0, first: 'PRAGMA page_size = 8192' })
  database.exec('CREATE TABLE rows (id INTEGER) STRICT')
  const names = readdirSync(folder).filter((name) => name.startsWith('mode.db'))
  expect(names).toEqual(['mode.db', 'mode.db-shm', 'mode.db-wal'])
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  const settings = ['journal_mode', 'synchronous', 'page_size', 'busy_timeout'].map((name) =>
    Object.values(database.prepare(`PRAGMA ${name}`).get()!),
  )
  expect(settings).toEqual([['wal'], [1], [8192], [0]])
  database.close()
})

test('a file that another process keeps busy is waited for as long as patience lasts', () => {
  const path = join(folder, 'busy.db')
  const other = new DatabaseSync(path)
  other.exec('CREATE TABLE rows (id INTEGER) STRICT; BEGIN EXCLUSIVE')
  let thrown: unknown
  const started = performance.now()
  try {
    openOwnFile(path, { patience: 60 })
  } catch (error) {
    thrown = error
  }
  expect(isBusy(thrown)).toBe(true)
  const waited = performance.now() - started
  expect(waited).toBeGreaterThanOrEqual(60)
  expect(waited).toBeLessThan(8000)
  other.close()
  openOwnFile(path, { patience: 0 }).close()
})

test('a file that is no database, or cannot be made, is told', () => {
  const path = join(folder, 'text.db')
  writeFileSync(path, 'no database, but long enough to be looked at as one'.repeat(20))
  expect(() => openOwnFile(path, { patience: 0 })).toThrow('file is not a database')
  expect(() => openOwnFile(join(folder, 'nowhere', 'a.db'), { patience: 0 })).toThrow('ENOENT')
  expect([undefined, new Error('no'), { errcode: 26 }].map(isBusy)).toEqual([false, false, false])
})

test('a Node without SQLite is told', () => {
  const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  expect(() => openOwnFile(join(folder, 'a.db'), { patience: 0 })).toThrow('use Node 22.15 or newer')
  builtin.mockRestore()
})
