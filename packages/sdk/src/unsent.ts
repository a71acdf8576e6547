import type { Held } from './lazy-exporter.ts'
import type { ExporterSettings, Signal } from './otel-settings.ts'

/** A batch that an exporter was given, for which no outcome is known yet. */
export interface UnsentBatch {
  readonly signal: Signal
  readonly settings: ExporterSettings
  /** Spans or log records; for metrics one collection. */
  readonly batch: unknown
}

/** What is between the processors and the destination, so that the end of the process can still send it. */
export interface Unsent {
  /** Of spans and metrics. A processor of log records does not give them away at once: those are kept one by one. */
  readonly batches: Set<UnsentBatch>
  readonly records: Map<ExporterSettings, Set<unknown>>
  /** The process ends now: exporters only keep what they are given here, for nothing asynchronous runs any more. */
  ending: boolean
}

/** Nothing yet. */
export function createUnsent(): Unsent {
  return { batches: new Set(), records: new Map(), ending: false }
}

/** Keeps a batch that an exporter was given. */
export function hold(unsent: Unsent, held: UnsentBatch): Held {
  if (held.signal === 'logs') {
    const records = unsent.records.get(held.settings)
    return {
      ending: unsent.ending,
      letGo: () => (held.batch as unknown[]).forEach((record) => records?.delete(record)),
    }
  }
  unsent.batches.add(held)
  return { ending: unsent.ending, letGo: () => void unsent.batches.delete(held) }
}

/** Keeps the log records that are emitted until their outcome is known; no more than the queue before them may hold. */
export function recordKeeper({ records }: Unsent, settings: ExporterSettings): (record: unknown) => void {
  const kept = new Set<unknown>()
  records.set(settings, kept)
  const { batch } = settings
  const most = 2 * ((batch === 'simple' ? undefined : batch.maxQueueSize) ?? 2048)
  return (record) => {
    kept.add(record)
    if (kept.size <= most) return
    for (const oldest of kept) {
      kept.delete(oldest)
      return
    }
  }
}

/** All of it. */
export function allUnsent({ batches, records }: Unsent): UnsentBatch[] {
  const logs = [...records].filter(([, kept]) => kept.size > 0)
  return [...batches, ...logs.map(([settings, kept]): UnsentBatch => ({ signal: 'logs', settings, batch: [...kept] }))]
}
