import type { ConsoleStatus } from '../api/contract.ts'
import type { IntakeCounts } from './intake.ts'

const SECONDS = 10

/** Rates over the last ten seconds. */
export interface Rates {
  current(): { readonly spansPerSecond: number; readonly logsPerSecond: number }
  received(): ConsoleStatus['received']
  close(): void
}

/** Samples the intake's counts once a second. */
export function openRates(counts: IntakeCounts): Rates {
  const samples: { spans: number; logs: number }[] = []
  const sample = (): void => {
    samples.push({ spans: counts.received.traces, logs: counts.received.logs })
    if (samples.length > SECONDS + 1) samples.shift()
  }
  sample()
  const timer = setInterval(sample, 1000)
  timer.unref()
  const current: Rates['current'] = () => {
    const first = samples[0]!
    const seconds = Math.max(1, samples.length - 1)
    return {
      spansPerSecond: (counts.received.traces - first.spans) / seconds,
      logsPerSecond: (counts.received.logs - first.logs) / seconds,
    }
  }
  return {
    current,
    received: () => ({
      spans: counts.received.traces,
      logs: counts.received.logs,
      metricPoints: counts.received.metrics,
      spansPerSecond: current().spansPerSecond,
      requests: counts.requests,
      bytes: counts.bytes,
      duplicates: counts.duplicates,
      rejected: Object.fromEntries(counts.rejected),
    }),
    close: () => clearInterval(timer),
  }
}
