import type { Attributes } from '@opentelemetry/api'
import { readEndpoint, setNumber, setString } from '@agentel/instrumentation-kit'
import {
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_SESSION_ID,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  NETWORK_TRANSPORT_VALUE_PIPE,
  NETWORK_TRANSPORT_VALUE_TCP,
} from '@agentel/semconv'

/** What we read of a transport; it is the application's, and may be of its own making. */
interface TransportShape {
  readonly sessionId?: unknown
  readonly protocolVersion?: unknown
  readonly _url?: unknown
}

/** What holds for a connection. */
export interface TransportFacts {
  /** `network.*`, and of a client's transport `server.*`. */
  readonly attributes: Readonly<Attributes>
  /** Whether messages go over the network. */
  readonly remote: boolean
  /** Whether the other end is on this machine: a child process, or a loopback address. */
  readonly local: boolean
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/

/** Reads what kind of transport it is off its class's name, and where it goes off its URL. */
export function transportFacts(transport: object): TransportFacts {
  const name = transport.constructor.name
  const { address, port } = readEndpoint(urlOf(transport))
  const attributes: Attributes = {}
  const remote = address !== undefined || /HTTP|SSE|WebSocket/i.test(name)
  if (remote) {
    attributes[ATTR_NETWORK_TRANSPORT] = NETWORK_TRANSPORT_VALUE_TCP
    attributes[ATTR_NETWORK_PROTOCOL_NAME] = /WebSocket/i.test(name) ? 'websocket' : 'http'
  } else if (/Stdio|Channel/i.test(name)) attributes[ATTR_NETWORK_TRANSPORT] = NETWORK_TRANSPORT_VALUE_PIPE
  setString(attributes, ATTR_SERVER_ADDRESS, address)
  setNumber(attributes, ATTR_SERVER_PORT, port)
  return { attributes, remote, local: !remote || LOOPBACK.test(address ?? '') }
}

/** What a transport learns while it is in use. */
export function sessionFacts(transport: object): Attributes {
  const { sessionId, protocolVersion } = transport as TransportShape
  const attributes: Attributes = {}
  setString(attributes, ATTR_MCP_SESSION_ID, sessionId)
  setString(attributes, ATTR_MCP_PROTOCOL_VERSION, protocolVersion)
  return attributes
}

function urlOf(transport: object): string | undefined {
  const { _url: url } = transport as TransportShape
  return url instanceof URL ? url.href : undefined
}
