import { Metadata } from '@grpc/grpc-js'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import type { Signal } from '../otel-environment.ts'
import type { OtlpExporterOptions } from './otlp-exporter-options.ts'

const exporters = { traces: OTLPTraceExporter, metrics: OTLPMetricExporter, logs: OTLPLogExporter }

/** Loaded at the first export only: see lazy-exporter.ts. */
export function createExporter(signal: Signal, { headers, ...options }: OtlpExporterOptions): object {
  if (headers === undefined) return new exporters[signal](options)
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return new exporters[signal]({ ...options, metadata })
}
