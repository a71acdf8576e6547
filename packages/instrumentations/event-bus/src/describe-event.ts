import { trace, type Tracer } from '@opentelemetry/api'
import { type BusEventOptions, guard } from '@agentel/api'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** What the application knows of an event. */
export interface EventDescription {
  /** Low-cardinality type, in place of the one that the bus gives. */
  readonly type?: string
  readonly id?: string
  /** That of the work around it, or of the carrier, by default. */
  readonly transactionId?: string
}

/** The event in the words of the api; a fault of the application's `describe` costs its words, not the event. */
export function describedEvent(
  where: string,
  type: string,
  describe: (() => EventDescription | undefined) | undefined,
): BusEventOptions {
  const said = describe === undefined ? undefined : guard(where, describe)
  return { type, ...said, tracer: tracer() }
}

/** That of the provider in force now. */
export function tracer(): Tracer {
  return trace.getTracer(SCOPE_NAME, SCOPE_VERSION)
}
