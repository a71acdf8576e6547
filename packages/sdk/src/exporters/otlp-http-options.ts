import { readFileSync } from 'node:fs'
import type { OtlpSettings } from '../otel-settings.ts'

/** The settings as the HTTP exporters take them. */
export function httpOptions({ tls, ...options }: OtlpSettings): object {
  if (tls === undefined) return options
  const { caFile, certFile, keyFile } = tls
  return {
    ...options,
    httpAgentOptions: {
      keepAlive: true,
      ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
      ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
      ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
    },
  }
}
