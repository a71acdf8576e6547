import type { Tracer } from '@opentelemetry/api'
import type { Session } from './session.ts'
import type { OpenRequests } from './open-requests.ts'
import type { TransportFacts } from './transport-facts.ts'

/** What the MCP instrumentation may be told. */
export interface ConversationOptions {
  /**
   * To whom the identity of the work (user, session, tenant) is told, in `_meta.baggage`: to servers on this machine
   * (`local`, the default), to all, or to none. The trace context goes to all.
   */
  propagateIdentity?: 'local' | 'all' | 'none'
  /** Whether a server takes its clients' word about whose work a request is. Default `true`. */
  acceptIdentity?: boolean
}

/** One connection, seen from one end. */
export interface Conversation {
  readonly transport: object
  readonly facts: TransportFacts
  readonly options: ConversationOptions
  readonly session: Session
  readonly tracer: () => Tracer
  /** Requests that this end has sent. */
  readonly sent: OpenRequests
  /** Requests that this end has received. */
  readonly received: OpenRequests
}
