import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { archiveAuditLog, forgetInArchive, openAuditLog, openAuditReader, readAuditArchive } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

async function logWith(rows: number): Promise<string> {
  const file = temporaryFile()
  const log = openAuditLog({ file })
  for (let n = 0; n < rows; n++)
    log.append({
      event: 'agentel.resource.accessed',
      user: `user-${n % 4}`,
      attributes: { note: `secret of ${n % 4}` },
    })
  await log.flush()
  await log.close()
  return file
}

it('an archive is one compressed file whose chain verifies, and the log can be pruned afterwards', async () => {
  const file = await logWith(200)
  const archive = join(dirname(file), 'audit-2026.db.gz')
  expect(await archiveAuditLog(file, archive)).toEqual({ file: archive, rows: 200 })
  await expect(archiveAuditLog(file, archive)).rejects.toThrow('is there already')
  const log = openAuditLog({ file })
  await log.prune({ keep: 10 })
  await log.close()
  const reader = openAuditReader(file)
  expect([reader.verify().ok, reader.summary().total]).toEqual([true, 11])
  reader.close()
  expect(await readAuditArchive(archive, (old) => [old.verify().ok, old.verify().rows])).toEqual([true, 200])
  expect(await readAuditArchive(archive, (old) => old.query({ user: 'user-1' }).length)).toBe(50)
  expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.part'))).toEqual([])
})

it('forgetting a user in an archive leaves no byte of the user, and its chain still verifies', async () => {
  const file = await logWith(200)
  const archive = join(dirname(file), 'audit-2026.db.gz')
  await archiveAuditLog(file, archive)
  expect(gunzipSync(readFileSync(archive)).includes('user-1')).toBe(true)
  expect(await forgetInArchive(archive, { userId: 'user-1' })).toEqual({ rows: 50, complete: true })
  const bytes = gunzipSync(readFileSync(archive))
  expect([bytes.includes('user-1'), bytes.includes('secret of 1'), bytes.includes('user-2')]).toEqual([
    false,
    false,
    true,
  ])
  expect(await readAuditArchive(archive, (old) => old.verify())).toMatchObject({ ok: true, rows: 201, erased: 50 })
})

it('what is no archive is refused, and nothing is left of it', async () => {
  const file = await logWith(1)
  await expect(readAuditArchive(file, () => 1)).rejects.toThrow('is no archive of an audit log')
  await expect(readAuditArchive(`${file}.no`, () => 1)).rejects.toThrow('is not there')
  expect(existsSync(`${file}.no`)).toBe(false)
})
