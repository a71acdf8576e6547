import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const folders: string[] = []

/** A file in a folder of its own, gone after the test. */
export function temporaryFile(name = 'audit.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-audit-'))
  folders.push(folder)
  return join(folder, name)
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
