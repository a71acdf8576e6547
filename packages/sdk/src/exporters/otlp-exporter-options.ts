/** What an exporter is told; what is left out it reads from `OTEL_EXPORTER_OTLP_*`. */
export interface OtlpExporterOptions {
  /** The signal's own address. */
  url?: string
  headers?: Record<string, string>
  timeoutMillis?: number
}
