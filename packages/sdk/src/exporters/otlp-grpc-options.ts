import { credentials, Metadata } from '@grpc/grpc-js'
import { readFileSync } from 'node:fs'
import type { OtlpSettings } from '../otel-settings.ts'

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

/** The settings as the gRPC exporters take them. */
export function grpcOptions({ headers, tls, ...options }: OtlpSettings): object {
  return {
    ...options,
    ...(headers === undefined ? {} : { metadata: metadataOf(headers) }),
    ...(tls === undefined ? {} : { credentials: credentialsOf(tls) }),
  }
}
