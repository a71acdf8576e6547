import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { OtlpSettings, Signal } from '../otel-settings.ts'
import { httpOptions } from './otlp-http-options.ts'

const exporters = { traces: OTLPTraceExporter, metrics: OTLPMetricExporter, logs: OTLPLogExporter }

/** Loaded at the first export only: see lazy-exporter.ts. */
export function createExporter(signal: Signal, settings: OtlpSettings): object {
  return new exporters[signal](httpOptions(settings))
}
