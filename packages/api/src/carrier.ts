import { type Context, type Link, context as contextApi, propagation, trace } from '@opentelemetry/api'
import { guard } from './guard.ts'
import { identityMembers, readBaggage, writeBaggage } from './identity-baggage.ts'
import { takeIdentity } from './identity-propagator.ts'
import { getIdentity } from './identity.ts'
import { takeTransaction, writeTransaction } from './transaction.ts'

/** Where trace context is written to and read from: a message's headers, MCP's `_meta`. */
export type Carrier = Record<string, unknown>

/**
 * Writes the trace context into a message to another agent of yours (an MCP server's `_meta`, an A2A peer, your own
 * bus), with the propagators that the application has set up, and the transaction and the identity beside it. Never
 * throws.
 *
 * @param options.identity `false` for a receiver that must not know whose work this is
 * @returns the carrier
 */
export function injectContext<C extends object>(
  carrier: C,
  { context = contextApi.active(), identity = true }: { context?: Context; identity?: boolean } = {},
): C {
  guard('api.injectContext', () => {
    propagation.inject(context, carrier)
    writeTransaction(carrier as Carrier, context)
    const members = identity ? identityMembers(getIdentity(context)) : []
    if (members.length === 0) return
    const fields = carrier as Carrier
    fields.baggage = writeBaggage([...readBaggage(fields.baggage), ...members])
  })
  return carrier
}

/**
 * Reads what {@link injectContext} wrote. Never throws; what cannot be read is left out.
 *
 * @param options.accept `false` when the sender's word about whose work this is must not be taken
 * @returns `options.context` with the sender's span as remote parent, its baggage, its transaction and its identity
 */
export function extractContext(
  carrier: object | undefined,
  { context = contextApi.active(), accept = true }: { context?: Context; accept?: boolean } = {},
): Context {
  if (carrier === undefined || carrier === null) return context
  const extracted = guard('api.extractContext', () => {
    const { baggage } = carrier as Carrier
    return takeTransaction(takeIdentity(propagation.extract(context, carrier), baggage, accept), baggage)
  })
  return extracted ?? context
}

/**
 * The parent and the links of work that a message started: the sender's span is the parent, and is linked as what
 * caused it; what was active here (an HTTP server's span) is linked too.
 */
export function receivedFrom(
  carrier: object | undefined,
  context: Context,
  accept: boolean | undefined,
): { parent: Context; links: Link[] } {
  const parent = extractContext(carrier, { context, ...(accept === undefined ? undefined : { accept }) })
  const [sender, ambient] = [trace.getSpanContext(parent), trace.getSpanContext(context)]
  // Nothing was in the carrier: the parent is what it was.
  if (sender === undefined || sender.spanId === ambient?.spanId) return { parent, links: [] }
  return { parent, links: ambient === undefined ? [{ context: sender }] : [{ context: sender }, { context: ambient }] }
}
