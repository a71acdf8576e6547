import type { Signal } from './otel-settings.ts'

/** What became of the batches of one signal since the start, in items (spans, data points' batches, log records). */
export interface ExportCount {
  /** Items that an exporter confirmed. */
  exported: number
  /** Items that were given up: the destination refused them, or could not be reached in time. */
  failed: number
  /** The last reason, without any header or body: it may be shown. */
  lastError?: string
}

/** One row per signal. */
export type ExportCounts = Record<Signal, ExportCount>

export function createExportCounts(): ExportCounts {
  return {
    traces: { exported: 0, failed: 0 },
    metrics: { exported: 0, failed: 0 },
    logs: { exported: 0, failed: 0 },
  }
}
