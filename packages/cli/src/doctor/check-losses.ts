import type { LossList } from '@agentel/console'
import { askConsole, consoleAddress } from '../frame/source.ts'
import type { Check } from './check.ts'

const PATIENCE_MS = 2000
const HOURS = 24

/** What applications lost before it left them, as they told the console; nothing when no console runs. */
export async function checkLosses(env: NodeJS.ProcessEnv): Promise<Check[]> {
  let losses: LossList
  try {
    const { url, headers } = consoleAddress({}, env)
    const signal = AbortSignal.timeout(PATIENCE_MS)
    losses = (await (await askConsole(`${url}/api/losses?from=-${HOURS}h`, { headers, signal })).json()) as LossList
  } catch {
    return []
  }
  return losses.rows.map(({ service, what, meaning, advice, count }) => {
    const found = `${service ?? 'an application'} lost ${count} ${what} in the last ${HOURS} hours: ${meaning}`
    return { subject: 'losses', verdict: 'warning', found, ...(advice !== null && { advice }) }
  })
}
