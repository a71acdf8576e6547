import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/**
 * A folder outside the sources for code that a test makes, in which the named packages can be imported.
 *
 * @param packages name to folder, from the repository's root
 */
export function scratchFolder(packages: Record<string, string>): { folder: string; remove: () => void } {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache/scratch-'))
  for (const [name, path] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, path), link)
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
