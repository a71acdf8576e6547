import { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } from '@opentelemetry/otlp-grpc-exporter-base'
import type { LastRequest } from '../last-send.ts'
import type { Signal } from '../otel-settings.ts'
import { grpcOptions } from './otlp-grpc-options.ts'
import { deliver, READY_MADE, uncounted } from './ready-made.ts'

const SERVICES: Record<Signal, string> = { traces: 'Trace', metrics: 'Metrics', logs: 'Logs' }

/** Sends a body over gRPC, with the settings of the exporter that would have sent it. */
export function deliverGrpc({ signal, otlp, body }: LastRequest): Promise<boolean> {
  const service = SERVICES[signal]
  const path = `/opentelemetry.proto.collector.${signal === 'traces' ? 'trace' : signal}.v1.${service}Service/Export`
  const options = convertLegacyOtlpGrpcOptions(grpcOptions(otlp), signal.toUpperCase())
  const delegate = createOtlpGrpcExportDelegate(
    options,
    READY_MADE,
    signal,
    uncounted,
    undefined,
    `${service}ExportService`,
    path,
  )
  return deliver(delegate, body)
}
