import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { auditSource } from '../src/alerts/audit-source.ts'

it('has no reader while another process is just making the audit log, and has one afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-audit-source-'))
  const file = join(folder, 'audit.db')
  const source = auditSource(file)
  expect(source.reader()).toBeUndefined()
  writeFileSync(file, '')
  expect(source.reader()).toBeUndefined()

  source.append({ event: 'agentel.resource.accessed' })
  await expect.poll(() => source.reader()?.query().length).toBe(1)
  await source.close()
  rmSync(folder, { recursive: true })
})
