import type { CollectedLike, RedactionOptions } from '@agentel/processor-redaction'
import type { IMetricReader } from '@opentelemetry/sdk-metrics'
import { requireSibling } from './require-sibling.ts'

/** Takes secrets out of collected metrics. */
export type RedactMetrics = (collected: CollectedLike) => void

/** Redaction of metrics, loaded with the first that are collected; `false` does nothing. */
export function redactedMetrics(options: RedactionOptions | false): RedactMetrics {
  if (options === false) return () => {}
  let redact: RedactMetrics | undefined
  return (collected) => {
    redact ??= requireSibling<typeof import('./redacting.ts')>('redacting').metricsRedaction(options)
    redact(collected)
  }
}

/** The reader, which redacts what it collects. What fails here fails the collection: nothing leaves then. */
export function redactedReader<Reader extends IMetricReader>(reader: Reader, redact: RedactMetrics): Reader {
  const collect = reader.collect.bind(reader)
  reader.collect = async (options) => {
    const result = await collect(options)
    redact(result.resourceMetrics)
    return result
  }
  return reader
}
