import type { BatchSettings } from './otel-settings.ts'

/** Of OpenTelemetry. */
const QUEUE = 2048
const BATCH = 512

/** What a batch processor holds and sends at a time, with OpenTelemetry's defaults: a batch is never longer than the queue. */
export function batchSizes(batch: BatchSettings): { readonly queue: number; readonly full: number } {
  const { maxQueueSize: queue = QUEUE, maxExportBatchSize = BATCH } = batch
  return { queue, full: Math.min(maxExportBatchSize, queue) }
}
