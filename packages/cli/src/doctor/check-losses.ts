import type { LossList } from '@agentel/console'
import { askConsole, consoleAddress } from '../frame/source.ts'
import type { Check } from './check.ts'

const PATIENCE_MS = 2000
const HOURS = 24

const ADVICE: Readonly<Record<string, string>> = {
  queue_full: 'OTEL_BSP_MAX_QUEUE_SIZE (of log records OTEL_BLRP_MAX_QUEUE_SIZE) makes the queue longer',
  'sampling.maxSpansPerTrace': 'AGENTEL_SAMPLING_MAX_SPANS_PER_TRACE',
  'sampling.keepPerSecond': 'AGENTEL_SAMPLING_KEEP_PER_SECOND',
}

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
  return losses.rows.map(({ service, what, reason, count }) => {
    const found = `${service ?? 'an application'} lost ${count} ${what} in the last ${HOURS} hours: ${reason}`
    return { subject: 'losses', verdict: 'warning', found, ...(ADVICE[reason] && { advice: ADVICE[reason] }) }
  })
}
