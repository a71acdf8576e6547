import { isMainThread } from 'node:worker_threads'
import type { AnomalyEnricherOptions } from '@agentel/processor-anomaly'
import type { AgentelConfig } from './generated/config-fields.ts'
import { StartError } from './start-error.ts'

/** The section `anomaly` as the enricher takes it; `false`: nothing is watched. @throws StartError for a wrong factor */
export function anomalyOf({
  enabled,
  skipSignals,
  strictness,
  stateFile,
  ...options
}: AgentelConfig['anomaly']): AnomalyEnricherOptions | false {
  if (!enabled) return false
  const strict = strictness.map(signalFactor)
  const skipped = skipSignals.map((signal) => [signal, { enabled: false }] as const)
  const signals = Object.fromEntries<{ enabled?: boolean; strictness?: number }>([...strict, ...skipped])
  // Two threads that write one file would undo each other's work.
  return { ...options, signals, ...(stateFile === undefined || !isMainThread ? {} : { stateFile }) }
}

function signalFactor(text: string): [string, { strictness: number }] {
  const [, signal, factor] = /^([\w.]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (signal === undefined || Number(factor) === 0) {
    const message = `anomaly.strictness holds "${text}"; write a signal and a factor above 0, as in "duration=2"`
    throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', 'anomaly.strictness', message)
  }
  return [signal, { strictness: Number(factor) }]
}
