import { type Attributes, metrics } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_MCP_PROTOCOL_VERSION,
  METRIC_MCP_CLIENT_SESSION_DURATION,
  METRIC_MCP_SERVER_SESSION_DURATION,
} from '@agentel/semconv'
import { CONNECTION_CLOSED } from './outcome.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** A session: from `initialize` to the end of its connection. Revisions of MCP without `initialize` have none. */
export interface Session {
  /** @param side who measures: `client` sent the request, `server` received it */
  begin(side: 'client' | 'server'): void
  /** Version that both agreed on; `undefined` until they did. */
  version: string | undefined
  /**
   * @param cutOff whether requests were still without an answer
   * @param kept whether a server keeps it: one without sessions makes a transport for each HTTP request
   */
  end(transport: Readonly<Attributes>, cutOff: boolean, kept: boolean): void
}

const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

/** A session that has not begun. It is the one figure of MCP that no span stands for, so it is recorded here. */
export function createSession(): Session {
  let began: { side: 'client' | 'server'; at: number } | undefined
  return {
    version: undefined,
    begin(side) {
      began ??= { side, at: performance.now() }
    },
    end(transport, cutOff, kept) {
      if (began === undefined) return
      const { side, at } = began
      began = undefined
      if (side === 'server' && !kept) return
      const attributes: Attributes = { ...transport }
      if (this.version !== undefined) attributes[ATTR_MCP_PROTOCOL_VERSION] = this.version
      if (cutOff) attributes[ATTR_ERROR_TYPE] = CONNECTION_CLOSED
      record(side, attributes, (performance.now() - at) / 1000)
    },
  }
}

function record(side: 'client' | 'server', attributes: Attributes, seconds: number): void {
  const name = side === 'client' ? METRIC_MCP_CLIENT_SESSION_DURATION : METRIC_MCP_SERVER_SESSION_DURATION
  metrics
    .getMeter(SCOPE_NAME, SCOPE_VERSION)
    .createHistogram(name, { unit: 's', advice: { explicitBucketBoundaries: BUCKETS } })
    .record(seconds, attributes)
}
