import type { Environment } from './environment-reader.ts'
import type { ExporterSettings } from './otel-settings.ts'

/** Where an OTLP exporter sends a signal, as the exporter itself will find it. @throws TypeError when it is no address */
export function exporterUrl(signal: string, { protocol, otlp }: ExporterSettings, env: Environment): URL {
  const grpc = protocol === 'grpc'
  const own = otlp.url ?? env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]
  if (own) return new URL(own.includes('://') ? own : `http://${own}`)
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? (grpc ? 'http://localhost:4317' : 'http://localhost:4318')
  const whole = base.includes('://') ? base : `http://${base}`
  return new URL(grpc ? whole : `${whole.replace(/\/+$/, '')}/v1/${signal}`)
}
