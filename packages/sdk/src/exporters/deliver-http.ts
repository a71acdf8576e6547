import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http'
import type { LastRequest } from '../last-send.ts'
import { httpOptions } from './otlp-http-options.ts'
import { deliver, READY_MADE, uncounted } from './ready-made.ts'

/** Sends a body over HTTP, with the settings of the exporter that would have sent it. */
export function deliverHttp({ signal, protocol, otlp, body }: LastRequest): Promise<boolean> {
  const contentType = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf'
  const options = convertLegacyHttpOptions(httpOptions(otlp), signal.toUpperCase(), `v1/${signal}`, {
    'Content-Type': contentType,
  })
  return deliver(createOtlpHttpExportDelegate(options, READY_MADE, signal, uncounted, undefined), body)
}
