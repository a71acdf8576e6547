import { readFile } from 'node:fs/promises'
import { replacePriceTable } from './table.ts'

const TIMEOUT_MS = 30_000
const MAX_BYTES = 32 * 1024 * 1024

async function download(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  const text = await response.text()
  if (text.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MB`)
  return text
}

/**
 * Takes newer prices, from a file or from a URL, in the format of genai-prices' data file. Nothing here is done by
 * itself: prices are refreshed when an application asks for it, and nothing is fetched from anywhere else.
 *
 * @returns the version of the new table, which is on every span priced from now on
 * @throws Error that names the source; the prices in force stay
 * @example
 * await refreshPrices('/etc/agentel/prices-data.json')
 */
export async function refreshPrices(source: string): Promise<string> {
  try {
    return await replacePriceTable(/^https?:/.test(source) ? await download(source) : await readFile(source, 'utf8'))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`prices cannot be refreshed from ${source}: ${message}. The prices in force stay.`, {
      cause: error,
    })
  }
}
