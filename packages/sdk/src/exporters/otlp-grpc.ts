import { credentials, Metadata } from '@grpc/grpc-js'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { readFileSync } from 'node:fs'
import type { OtlpSettings, Signal } from '../otel-settings.ts'

const exporters = { traces: OTLPTraceExporter, metrics: OTLPMetricExporter, logs: OTLPLogExporter }

function metadataOf(headers: Record<string, string>): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return metadata
}

function credentialsOf({ caFile, keyFile, certFile, insecure }: NonNullable<OtlpSettings['tls']>) {
  if (insecure === true) return credentials.createInsecure()
  const read = (file: string | undefined) => (file === undefined ? null : readFileSync(file))
  return credentials.createSsl(read(caFile), read(keyFile), read(certFile))
}

/** Loaded at the first export only: see lazy-exporter.ts. */
export function createExporter(signal: Signal, { headers, tls, ...options }: OtlpSettings): object {
  return new exporters[signal]({
    ...options,
    ...(headers === undefined ? {} : { metadata: metadataOf(headers) }),
    ...(tls === undefined ? {} : { credentials: credentialsOf(tls) }),
  } as ConstructorParameters<typeof OTLPTraceExporter>[0])
}
