import { TraceFlags, type MeterProvider } from '@opentelemetry/api'
import { globalErrorHandler } from '@opentelemetry/core'
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import { batchSizes } from './batch-sizes.ts'
import type { BatchSettings } from './otel-settings.ts'

/** What a batch processor is made of. */
export interface ParallelBatchesOptions {
  readonly exporter: SpanExporter
  /** Where the processor counts what became of its spans (`otel.sdk.processor.span.*`). */
  readonly selfObsMeterProvider: MeterProvider
  readonly batch: BatchSettings
}

/** Flushes that go on beside the processor's own. */
const BESIDE = 3

/**
 * OpenTelemetry's batch processor, which sends a full batch at once also while others are on their way. By itself it
 * waits for the answer to each, so that a destination that is slow for two seconds costs an application the spans that
 * its queue cannot hold. What is held stays bounded: the queue, and the few batches that are on their way. Its
 * `forceFlush` waits for these as well.
 */
export function parallelBatches({ exporter, selfObsMeterProvider, batch }: ParallelBatchesOptions): SpanProcessor {
  const { queue, full } = batchSizes(batch)
  let waiting = 0
  let beside = 0
  const onTheirWay = new Set<Promise<void>>()
  const counting: SpanExporter = {
    export(spans, done) {
      waiting = Math.max(0, waiting - spans.length)
      const { promise, resolve } = Promise.withResolvers<void>()
      onTheirWay.add(promise)
      exporter.export(spans, (result) => {
        onTheirWay.delete(promise)
        done(result)
        resolve()
      })
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
  const processor = new BatchSpanProcessor({ exporter: counting, selfObsMeterProvider, ...batch })
  return {
    onStart: (span, context) => processor.onStart(span, context),
    onEnd(span) {
      const { traceFlags } = span.spanContext()
      if ((traceFlags & TraceFlags.SAMPLED) !== 0) waiting = Math.min(waiting + 1, queue)
      processor.onEnd(span)
      // What waits for its resource is not in the queue any more, and cannot be sent yet.
      if (waiting < full || beside >= BESIDE || span.resource.asyncAttributesPending === true) return
      beside++
      void processor
        .forceFlush()
        .catch(globalErrorHandler)
        .finally(() => beside--)
    },
    async forceFlush() {
      const [flushed] = await Promise.allSettled([processor.forceFlush(), ...onTheirWay])
      if (flushed.status === 'rejected') throw flushed.reason
    },
    shutdown: () => processor.shutdown(),
  }
}
