import { propagation, type TextMapPropagator } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { RedactionOptions } from '@agentel/processor-redaction'
import { requireSibling } from './require-sibling.ts'

/** A propagator that redacts the baggage that leaves; redaction is loaded with the first request that has any. */
export function redactedBaggage(propagator: TextMapPropagator, options: RedactionOptions): TextMapPropagator {
  let redacting: TextMapPropagator | undefined
  const load = (): TextMapPropagator =>
    requireSibling<typeof import('./redacting.ts')>('redacting').redactingPropagator(propagator, options)
  return {
    inject(context, carrier, setter) {
      const baggage = propagation.getBaggage(context)
      if (baggage === undefined || baggage.getAllEntries().length === 0) {
        return propagator.inject(context, carrier, setter)
      }
      redacting ??= guard('sdk.baggage', load)
      if (redacting !== undefined) return redacting.inject(context, carrier, setter)
      // What cannot be looked at does not leave.
      propagator.inject(propagation.deleteBaggage(context), carrier, setter)
    },
    extract: (context, carrier, getter) => propagator.extract(context, carrier, getter),
    fields: () => propagator.fields(),
  }
}
