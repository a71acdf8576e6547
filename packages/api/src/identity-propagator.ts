import {
  type Context,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  propagation,
  trace,
} from '@opentelemetry/api'
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@agentel/semconv'
import { guard } from './guard.ts'
import { hostList } from './host-list.ts'
import { identityMembers, identityOf, isIdentityKey, membersOf, readBaggage, writeBaggage } from './identity-baggage.ts'
import { getIdentity, setIdentity } from './identity.ts'

/** Where the identity may go, and whether one that comes in is believed. */
export interface IdentityPropagatorOptions {
  /**
   * Hosts of your own that may be told user, session, conversation, tenant: `api.example.com`, `localhost:8080`,
   * `*.svc.cluster.local`. None by default, and never a model provider.
   */
  readonly allow?: readonly string[]
  /** Whether an identity in an incoming request is taken over; `false` for a service that strangers can call. */
  readonly accept?: boolean
}

const HEADER = 'baggage'

/**
 * A propagator for the identity, to stand after W3C's own in the list. The identity is never in the context's baggage,
 * which every HTTP instrumentation sends to every host, model providers included. This propagator adds it to the
 * `baggage` header only when the request's span says that it goes to an allowed host, and takes it out of what comes
 * in, so that it is not passed on either.
 *
 * @throws RangeError when an entry of `allow` is no host
 * @example
 * new CompositePropagator({ propagators: [
 *   new W3CTraceContextPropagator(), new W3CBaggagePropagator(), identityPropagator({ allow: ['*.internal.example'] }),
 * ] })
 */
export function identityPropagator({ allow = [], accept = true }: IdentityPropagatorOptions = {}): TextMapPropagator {
  const isAllowed = hostList(allow)
  return {
    inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
      guard('identity.inject', () => {
        const host = destinationOf(context)
        const isTold = host !== undefined && isAllowed(host.address, host.port)
        const members = isTold ? identityMembers(getIdentity(context)) : []
        const baggage = membersOf(propagation.getBaggage(context))
        const own = baggage.filter(({ key }) => !isIdentityKey(key))
        // An identity that came into the baggage past us (another copy, another language) must not go out with it.
        if (members.length === 0 && own.length === baggage.length) return
        // A setter cannot read: the application's own members, written before us, are written again.
        setter.set(carrier, HEADER, writeBaggage([...own, ...members]))
      })
    },
    extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
      return guard('identity.extract', () => takeIdentity(context, getter.get(carrier, HEADER), accept)) ?? context
    },
    fields: () => [HEADER],
  }
}

/**
 * The context with the identity of a `baggage` header in the place where identities are kept, and out of the baggage
 * that the next request would carry.
 */
export function takeIdentity(context: Context, header: unknown, accept: boolean): Context {
  const baggage = propagation.getBaggage(context)
  const ours = membersOf(baggage).filter(({ key }) => isIdentityKey(key))
  const cleaned =
    baggage === undefined || ours.length === 0
      ? context
      : propagation.setBaggage(context, baggage.removeEntries(...ours.map(({ key }) => key)))
  const identity = accept ? identityOf(readBaggage(header)) : undefined
  return identity === undefined ? cleaned : setIdentity(cleaned, identity)
}

/** Whither the request goes whose headers are being written: HTTP instrumentations put it on their span first. */
function destinationOf(context: Context): { address: string; port: number | undefined } | undefined {
  const attributes = (trace.getSpan(context) as { attributes?: Record<string, unknown> } | undefined)?.attributes
  const address = attributes?.[ATTR_SERVER_ADDRESS]
  const port = attributes?.[ATTR_SERVER_PORT]
  if (typeof address !== 'string') return undefined
  return { address, port: typeof port === 'number' ? port : undefined }
}
