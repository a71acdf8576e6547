/** The server that a client talks to. */
export interface Endpoint {
  /** Host name without port; `undefined` when the base URL cannot be read. */
  readonly address?: string
  readonly port?: number
}

const MAX_ENDPOINTS = 100
const endpoints = new Map<string, Endpoint>()

/** Reads host and port of a base URL. Remembers the answers, for it is asked at every call. */
export function readEndpoint(baseUrl: unknown): Endpoint {
  if (typeof baseUrl !== 'string') return {}
  const known = endpoints.get(baseUrl)
  if (known !== undefined) return known
  const endpoint = parseEndpoint(baseUrl)
  // Applications have a handful of them; one that makes them up at every call is not remembered.
  if (endpoints.size < MAX_ENDPOINTS) endpoints.set(baseUrl, endpoint)
  return endpoint
}

function parseEndpoint(baseUrl: string): Endpoint {
  if (!URL.canParse(baseUrl)) return {}
  const { hostname, port, protocol } = new URL(baseUrl)
  const defaultPort = protocol === 'http:' ? 80 : 443
  // An IPv6 host is written without its brackets.
  return { address: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port) }
}
