import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { Held } from './lazy-exporter.ts'

const NOT_HELD: Held = { ending: false, letGo: () => undefined }

/** Bytes that a span takes without its texts; a guess on the safe side. */
const BARE_SPAN = 1024

/**
 * An exporter that sends a batch in parts of at most so many bytes: one over the limit of the receiver (4 MiB with gRPC)
 * would be refused as a whole, and lost. A span that is larger by itself goes alone.
 *
 * @param hold keeps a part until its outcome is known; all parts from the beginning, since they go one after the other
 */
export function splitBatches(
  exporter: SpanExporter,
  maxBytes: number,
  hold: (part: ReadableSpan[]) => Held = () => NOT_HELD,
): SpanExporter {
  return {
    export(spans, done) {
      const parts = partsOf(spans, maxBytes)
      const held = parts.map(hold)
      if (held.some(({ ending }) => ending)) return
      const failures: Error[] = []
      const next = (index: number): void => {
        const part = parts[index]
        if (part === undefined) return done(resultOf(failures))
        exporter.export(part, ({ code, error }) => {
          held[index]?.letGo()
          if (code !== ExportResultCode.SUCCESS) failures.push(error ?? new Error('the destination gave no reason'))
          next(index + 1)
        })
      }
      next(0)
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined ? undefined : { forceFlush: () => exporter.forceFlush!() }),
  }
}

function resultOf([first]: readonly Error[]): ExportResult {
  return first === undefined ? { code: ExportResultCode.SUCCESS } : { code: ExportResultCode.FAILED, error: first }
}

function partsOf(spans: readonly ReadableSpan[], maxBytes: number): ReadableSpan[][] {
  const parts: ReadableSpan[][] = []
  let part: ReadableSpan[] = []
  let bytes = 0
  for (const span of spans) {
    const size = sizeOf(span)
    if (part.length > 0 && bytes + size > maxBytes) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(span)
    bytes += size
  }
  return part.length > 0 ? [...parts, part] : parts
}

function sizeOf({ attributes, events }: ReadableSpan): number {
  let size = BARE_SPAN + textsIn(attributes)
  for (const event of events) size += textsIn(event.attributes ?? {})
  return size
}

/** Only texts of some length are counted in bytes: everything else is in the guess. */
function textsIn(attributes: Readonly<Record<string, unknown>>): number {
  let size = 0
  for (const key in attributes) {
    const value = attributes[key]
    if (typeof value === 'string') size += value.length > 64 ? Buffer.byteLength(value) : 0
    else if (typeof value === 'object' && value !== null) size += Buffer.byteLength(JSON.stringify(value))
  }
  return size
}
