import { isMainThread } from 'node:worker_threads'
import type { MeterProvider } from '@opentelemetry/api'
import { ownThread } from '@agentel/api'
import type { AgentelConfig } from './generated/config-fields.ts'
import { observeHost, observeThread } from './host-metrics.ts'
import type { Losses } from './span-sampling.ts'

/**
 * Figures of the process from its main thread, of a worker thread where an agent owns it.
 *
 * @param losses what was not exported though nobody wanted it left out
 * @returns stops looking
 */
export function observeResources(
  provider: MeterProvider,
  { enabled, agent }: AgentelConfig['hostMetrics'],
  losses: () => Losses,
): () => void {
  if (!enabled) return () => {}
  const meter = provider.getMeter('@agentel/sdk')
  if (!isMainThread) return observeThread(meter)
  if (agent === undefined) return observeHost(meter, losses)
  ownThread(agent)
  const stop = observeHost(meter, losses)
  return () => {
    stop()
    ownThread(undefined)
  }
}
