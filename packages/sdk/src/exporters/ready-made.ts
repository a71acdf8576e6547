import { ExportResultCode } from '@opentelemetry/core'
import type { IOtlpExportDelegate } from '@opentelemetry/otlp-exporter-base'
import type { IExporterMetricsHelper, ISerializer } from '@opentelemetry/otlp-transformer'

/** For bodies that have been serialised already. */
export const READY_MADE: ISerializer<Uint8Array, object> = {
  serializeRequest: (body) => body,
  deserializeResponse: () => ({}),
}

/** Nobody reads counts of a process that ends. */
export const uncounted: IExporterMetricsHelper<Uint8Array> = { name: 'span', countItems: () => 0 }

/** Sends one body; resolves to whether it was taken. */
export function deliver(delegate: IOtlpExportDelegate<Uint8Array>, body: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    delegate.export(body, ({ code }) => resolve(code === ExportResultCode.SUCCESS))
  })
}
