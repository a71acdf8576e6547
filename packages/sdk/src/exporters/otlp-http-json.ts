import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { Signal } from '../otel-environment.ts'
import type { OtlpExporterOptions } from './otlp-exporter-options.ts'

const exporters = { traces: OTLPTraceExporter, metrics: OTLPMetricExporter, logs: OTLPLogExporter }

/** Loaded at the first export only: see lazy-exporter.ts. */
export function createExporter(signal: Signal, options: OtlpExporterOptions): object {
  return new exporters[signal](options)
}
