import { diag } from '@opentelemetry/api'
import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { ExportCount } from './export-counts.ts'

/** What span, metric and log exporters have in common. */
export interface ExporterLike<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void
  shutdown(): Promise<void>
  forceFlush?(): Promise<void>
}

/** Where an exporter comes from and where its outcomes are counted. */
export interface LazyExporterOptions<Batch> {
  load: () => Promise<ExporterLike<Batch>>
  /** Items in a batch: spans, log records; 1 for a collection of metrics. */
  size: (batch: Batch) => number
  count: ExportCount
  /** Keeps a batch until its outcome is known; left out where somebody else does. */
  hold?: (batch: Batch) => Held
}

/** A batch that is kept. */
export interface Held {
  /** The process ends: the batch is not to be sent from here. */
  readonly ending: boolean
  letGo(): void
}

/**
 * An exporter that is loaded when the first batch leaves, so that the start does not pay for it (34 ms of CPU with
 * gRPC), and that counts what was delivered and what was given up. It neither throws nor rejects, for a destination that is down is
 * an ordinary day: a failed export is a failed result, which the batch processor says once in the diag log.
 */
export function lazyExporter<Batch>(options: LazyExporterOptions<Batch>): Required<ExporterLike<Batch>> {
  let loading: Promise<ExporterLike<Batch>> | undefined
  const pending = new Set<Promise<void>>()

  const send = async (batch: Batch): Promise<ExportResult> => {
    try {
      const exporter = await (loading ??= options.load())
      return await new Promise<ExportResult>((resolve) => exporter.export(batch, resolve))
    } catch (error) {
      return { code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error(String(error)) }
    }
  }
  const tally = (result: ExportResult, size: number): void => {
    if (result.code === ExportResultCode.SUCCESS) {
      options.count.exported += size
      return
    }
    options.count.failed += size
    options.count.lastError = result.error?.message ?? 'the destination gave no reason'
  }
  const forceFlush = async (): Promise<void> => {
    try {
      await Promise.all(pending)
      await (await loading)?.forceFlush?.()
    } catch (error) {
      diag.debug('agentel: flushing an exporter failed', error)
    }
  }
  return {
    export(batch, done) {
      const held = options.hold?.(batch)
      if (held?.ending === true) return
      const sent = send(batch).then((result) => {
        held?.letGo()
        tally(result, options.size(batch))
        done(result)
      })
      pending.add(sent)
      void sent.finally(() => pending.delete(sent))
    },
    forceFlush,
    async shutdown() {
      await forceFlush()
      await (await loading?.catch(() => undefined))?.shutdown().catch(() => undefined)
    },
  }
}
