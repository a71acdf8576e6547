import type { MeterProvider } from '@opentelemetry/api'
import { BatchLogRecordProcessor, type LogRecordExporter, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { batchSizes } from './batch-sizes.ts'
import type { BatchSettings } from './otel-settings.ts'

/** What a batch processor is made of. */
export interface ParallelLogBatchesOptions {
  readonly exporter: LogRecordExporter
  /** Where the processors count what became of their records (`otel.sdk.processor.log.*`). */
  readonly selfObsMeterProvider: MeterProvider
  readonly batch: BatchSettings
}

/** Batches that are on their way at the same time. */
const LANES = 4

/**
 * OpenTelemetry's batch processor, four times over one exporter: by itself it waits for the answer to each batch, also
 * when it is flushed, so that a slow destination costs an application the records that its queue cannot hold. A full
 * batch goes to each in turn, and the queue is shared among them; what is held stays bounded by the queue and the four
 * batches on their way. Flushes follow one another: the processor answers one that comes during another at once.
 */
export function parallelLogBatches(options: ParallelLogBatchesOptions): LogRecordProcessor {
  const { exporter, selfObsMeterProvider, batch } = options
  const { queue, full } = batchSizes(batch)
  const count = Math.min(LANES, Math.floor(queue / full))
  let current = 0
  let given = 0
  let flushed: Promise<unknown> = Promise.resolve()

  const moveOn = (): void => {
    current = (current + 1) % count
    given = 0
  }
  const laneExporter = (index: number): LogRecordExporter => ({
    export(records, done) {
      // What its timer sent before the batch was full: the next records need not wait for the answer.
      if (index === current && records.length < full) moveOn()
      exporter.export(records, done)
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: async () => {},
  })
  const lanes = Array.from(
    { length: count },
    (_, index) =>
      new BatchLogRecordProcessor({
        ...batch,
        exporter: laneExporter(index),
        selfObsMeterProvider,
        maxQueueSize: Math.floor(queue / count),
        maxExportBatchSize: full,
      }),
  )
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    const done = flushed.then(work)
    flushed = done.catch(() => undefined)
    return done.then(() => undefined)
  }
  return {
    onEmit(record) {
      lanes[current]!.onEmit(record)
      given++
      if (given >= full) moveOn()
    },
    forceFlush: () => inTurn(() => Promise.all(lanes.map((lane) => lane.forceFlush()))),
    shutdown: () =>
      inTurn(async () => {
        await Promise.all(lanes.map((lane) => lane.shutdown()))
        await exporter.shutdown()
      }),
  }
}
