import { timingSafeEqual } from 'node:crypto'
import { isIPv4 } from 'node:net'

/**
 * Whether an address to listen on, or the host that a request names, is this machine's own: `localhost`, `::1` or an
 * IPv4 address of 127.0.0.0/8. A name that only begins so (`127.evil.example`) is whatever its owner lets it resolve to.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
}

/** The host that a request names in its `Host` header: without port and brackets, in lower case. */
export function hostNamed({ host = '' }: { readonly host?: string | undefined }): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
}

/** Compares in a time that says nothing of how much is right. */
export function sameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The token that a request carries as `Authorization: Bearer`. */
export function bearerOf({ authorization = '' }: { readonly authorization?: string | undefined }): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization)?.[1]
}
