import { readDataFile } from './data-file.ts'
import { type OwnPrices, parseOwnPrices, PriceFileError } from './own-prices.ts'

/**
 * Reads own prices from a JSON file, or from a YAML file (`.yaml`, `.yml`).
 * @throws {PriceFileError} that names the file and what is wrong in it.
 */
export function readPriceFile(path: string): OwnPrices {
  try {
    return parseOwnPrices(readDataFile(path))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new PriceFileError(`price file ${path}: ${message}`, { cause: error })
  }
}
