import { readFileSync, statSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'

/** No configuration is longer; reading one would take the YAML parser minutes. */
const MOST_BYTES = 256 * 1024

/**
 * The text of a configuration file.
 *
 * @throws {Error} in words, for what cannot be one: a directory, a pipe, what is too long, what is not text
 */
export function readConfigText(file: string): string {
  const stat = statSync(file)
  if (!stat.isFile()) throw new Error(stat.isDirectory() ? 'it is a directory' : 'it is not a regular file')
  if (stat.size > MOST_BYTES) throw new Error(`it has ${stat.size} bytes; a configuration file may have ${MOST_BYTES}`)
  const bytes = readFileSync(file)
  if (!isUtf8(bytes) || bytes.includes(0)) throw new Error('it is not text in UTF-8')
  return bytes.toString('utf8')
}
