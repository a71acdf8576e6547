export { type CollectedLike, type MetricReaderLike, metricsRedaction, redactReader } from './metrics-redaction.ts'
export type { Detector, RedactionOptions } from './options.ts'
export { RedactionOptionError } from './options.ts'
export { type PresidioOptions, presidioDetector } from './presidio.ts'
export {
  type ExporterLike,
  redactingExporter,
  type RedactingExporterOptions,
  type SlowChecks,
  slowChecks,
} from './redacting-exporter.ts'
export { redactingPropagator } from './redacting-propagator.ts'
export { redactionEnricher } from './redaction-enricher.ts'
export type { Redactor, Tally } from './redactor.ts'
export { createRedactor, DROPPED } from './redactor.ts'
export type { Rule } from './scan-state.ts'
export type { SlowDetector, SlowFinding, SlowRedactionOptions } from './slow-redaction.ts'
