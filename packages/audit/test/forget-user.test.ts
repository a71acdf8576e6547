import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openAuditLog, openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

const files = (file: string): string[] => [file, `${file}-wal`, `${file}-shm`].filter((path) => existsSync(path))
const holds = (file: string, text: string): boolean =>
  files(file).some((path) => readFileSync(path).includes(Buffer.from(text)))

it('leaves no byte of the user in the files, verifies, and records itself without the user', async () => {
  const audit = openAuditLog({ file: temporaryFile() })
  for (let i = 0; i < 500; i++) {
    const user = i % 3 === 0 ? 'gone@example.org' : 'stays@example.org'
    const session = i % 3 === 0 ? `session-of-gone-${i}` : `session-${i}`
    audit.append({
      event: 'agentel.request',
      user,
      session,
      attributes: { text: `${user} asks: ${'words '.repeat(50)}` },
    })
  }
  await audit.flush()
  expect(holds(audit.file, 'gone')).toBe(true)
  expect(await audit.forget({ userId: 'gone@example.org' })).toEqual({ rows: 167, complete: true })
  expect(holds(audit.file, 'gone')).toBe(false)
  expect(holds(audit.file, 'stays@example.org')).toBe(true)
  const reader = openAuditReader(audit.file)
  expect(reader.verify()).toMatchObject({ ok: true, findings: [], rows: 501, erased: 167 })
  expect(reader.query({ user: 'gone@example.org' })).toEqual([])
  expect(reader.query({ user: 'stays@example.org' })).toHaveLength(333)
  const [record] = reader.query({ event: 'audit.erased' })
  const sequences = Array.from({ length: 167 }, (_, i) => [i * 3 + 1, i * 3 + 1])
  expect(record).toMatchObject({ sequence: 501, user: null, attributes: { rows: 167, sequences } })
  expect(reader.query({ from: 0, offset: 500 })).toMatchObject([
    { sequence: 1, user: null, session: null, attributes: {}, erased: true },
  ])
  reader.close()
  await audit.close()
})

it('says that it is not complete while a reader holds the old pages, and is when asked again', async () => {
  const audit = openAuditLog({ file: temporaryFile() })
  audit.append({ event: 'e', user: 'gone' })
  await audit.flush()
  const other = new DatabaseSync(audit.file, { readOnly: true })
  other.exec('BEGIN')
  other.prepare('SELECT count(*) FROM entries').get()
  expect(await audit.forget({ userId: 'gone' })).toEqual({ rows: 1, complete: false })
  other.close()
  expect(await audit.forget({ userId: 'gone' })).toEqual({ rows: 0, complete: true })
  expect(holds(audit.file, 'gone')).toBe(false)
  await audit.close()
})
