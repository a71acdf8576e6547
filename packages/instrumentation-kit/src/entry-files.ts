import { existsSync } from 'node:fs'
import { join } from 'node:path'

const EXTENSIONS = ['js', 'mjs', 'cjs']

/** Those of the files that a copy of a package does not have, in whatever format. */
export function absentEntries(root: string, entries: readonly string[]): string[] {
  return entries.filter((entry) => !EXTENSIONS.some((extension) => existsSync(join(root, `${entry}.${extension}`))))
}
