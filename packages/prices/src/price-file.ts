import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type OwnPrices, parseOwnPrices, PriceFileError } from './own-prices.ts'

function parse(path: string, text: string): unknown {
  if (!/\.ya?ml$/.test(path)) return JSON.parse(text)
  // YAML's parser costs 27 ms to load: only those who have a YAML file pay.
  const yaml = createRequire(import.meta.url)('yaml') as { parse(text: string): unknown }
  return yaml.parse(text)
}

/**
 * Reads own prices from a JSON file, or from a YAML file (`.yaml`, `.yml`).
 * @throws {PriceFileError} that names the file and what is wrong in it.
 */
export function readPriceFile(path: string): OwnPrices {
  try {
    return parseOwnPrices(parse(path, readFileSync(path, 'utf8')))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new PriceFileError(`price file ${path}: ${message}`, { cause: error })
  }
}
