import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * Reads a JSON file, or a YAML file (`.yaml`, `.yml`).
 * @throws Error of the file system or of the parser
 */
export function readDataFile(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  if (!/\.ya?ml$/.test(path)) return JSON.parse(text)
  // YAML's parser costs 27 ms to load: only those who have a YAML file pay.
  const yaml = createRequire(import.meta.url)('yaml') as { parse(text: string): unknown }
  return yaml.parse(text)
}
