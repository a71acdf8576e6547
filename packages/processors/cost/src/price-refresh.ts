import { diag } from '@opentelemetry/api'
import { refreshPrices } from '@agentel/prices'

const HOUR_MS = 3_600_000

/**
 * Takes newer prices every so many hours, the first time after the first of them: nothing is read or fetched at the
 * start. What cannot be had is said in `diag`, and the prices in force stay.
 *
 * @returns stops it
 */
export function refreshRegularly(source: string, hours: number): () => void {
  const refresh = async (): Promise<void> => {
    try {
      const version = await refreshPrices(source)
      diag.info(`agentel: prices are now ${version}`)
    } catch (error) {
      diag.warn(`agentel: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const timer = setInterval(() => void refresh(), hours * HOUR_MS)
  timer.unref()
  return () => clearInterval(timer)
}
