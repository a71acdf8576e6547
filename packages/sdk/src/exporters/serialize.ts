import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import type { Protocol, Signal } from '../otel-settings.ts'

interface Serializer {
  serializeRequest(batch: never): Uint8Array | undefined
}

const protobuf: Record<Signal, Serializer> = {
  traces: ProtobufTraceSerializer,
  metrics: ProtobufMetricsSerializer,
  logs: ProtobufLogsSerializer,
}
const json: Record<Signal, Serializer> = {
  traces: JsonTraceSerializer,
  metrics: JsonMetricsSerializer,
  logs: JsonLogsSerializer,
}

/** A batch as the body of an export request. Loaded at the end of a process that is cut short: see last-send.ts. */
export function serialize(signal: Signal, protocol: Protocol, batch: unknown): Uint8Array | undefined {
  const { [signal]: serializer } = protocol === 'http/json' ? json : protobuf
  return serializer.serializeRequest(batch as never)
}
