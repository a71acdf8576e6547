import { type Context, context as contextApi, createContextKey, propagation } from '@opentelemetry/api'
import { ATTR_AGENTEL_TRANSACTION_ID } from '@agentel/semconv'
import { readBaggage, writeBaggage } from './identity-baggage.ts'

const TRANSACTION = createContextKey('agentel.transaction.1')
/** What arrives comes from outside: nobody's id is longer. */
const MAX_ID = 512

/** The context in which work belongs to this transaction. */
export function setTransaction(context: Context, id: string): Context {
  return context.setValue(TRANSACTION, id)
}

/** Id of the transaction that the work at hand belongs to, if any. */
export function getTransaction(context: Context = contextApi.active()): string | undefined {
  return context.getValue(TRANSACTION) as string | undefined
}

/** Writes the transaction into a carrier, as a member of the W3C baggage beside those that are there. */
export function writeTransaction(carrier: Record<string, unknown>, context: Context): void {
  const value = getTransaction(context)
  if (value === undefined) return
  const others = readBaggage(carrier.baggage).filter(({ key }) => key !== ATTR_AGENTEL_TRANSACTION_ID)
  carrier.baggage = writeBaggage([...others, { key: ATTR_AGENTEL_TRANSACTION_ID, value }])
}

/** The context with the transaction of a `baggage` header, and without it in the baggage that requests would carry on. */
export function takeTransaction(context: Context, header: unknown): Context {
  const member = readBaggage(header).find(({ key }) => key === ATTR_AGENTEL_TRANSACTION_ID)
  if (member === undefined) return context
  const baggage = propagation.getBaggage(context)?.removeEntry(ATTR_AGENTEL_TRANSACTION_ID)
  const cleaned = baggage === undefined ? context : propagation.setBaggage(context, baggage)
  return member.value.length > MAX_ID ? cleaned : setTransaction(cleaned, member.value)
}
