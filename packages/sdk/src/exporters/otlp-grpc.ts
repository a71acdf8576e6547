import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import type { OtlpSettings, Signal } from '../otel-settings.ts'
import { grpcOptions } from './otlp-grpc-options.ts'

const exporters = { traces: OTLPTraceExporter, metrics: OTLPMetricExporter, logs: OTLPLogExporter }

/** Loaded at the first export only: see lazy-exporter.ts. */
export function createExporter(signal: Signal, settings: OtlpSettings): object {
  return new exporters[signal](grpcOptions(settings) as ConstructorParameters<typeof OTLPTraceExporter>[0])
}
