import { guard } from '@agentel/api'
import { type Baggage, type Context, propagation, type TextMapPropagator } from '@opentelemetry/api'
import type { RedactionOptions } from './options.ts'
import { createRedactor, type Redactor } from './redactor.ts'

function redactBaggage(redactor: Redactor, baggage: Baggage): Baggage {
  let result = baggage
  for (const [key, entry] of baggage.getAllEntries()) {
    const value = redactor.attribute(key, entry.value, { count: 0, rules: new Set() })
    if (value === entry.value) continue
    result = typeof value === 'string' ? result.setEntry(key, { ...entry, value }) : result.removeEntry(key)
  }
  return result
}

function redactContext(redactor: Redactor, context: Context): Context {
  const baggage = propagation.getBaggage(context)
  if (baggage === undefined || baggage.getAllEntries().length === 0) return context
  const redacted = guard('redaction.baggage', () => redactBaggage(redactor, baggage))
  if (redacted === baggage) return context
  // What could not be looked at does not leave.
  return redacted === undefined ? propagation.deleteBaggage(context) : propagation.setBaggage(context, redacted)
}

/**
 * Wraps a propagator so that the baggage that goes out with requests and messages is redacted like attributes are. The
 * baggage of the context, which the application reads, stays as it is. `allow` is about attributes and has no effect.
 *
 * @throws {RedactionOptionError} when an option is wrong
 */
export function redactingPropagator(
  propagator: TextMapPropagator,
  { allow: _allow, ...options }: RedactionOptions = {},
): TextMapPropagator {
  const redactor = createRedactor(options)
  return {
    inject: (context, carrier, setter) => propagator.inject(redactContext(redactor, context), carrier, setter),
    extract: (context, carrier, getter) => propagator.extract(context, carrier, getter),
    fields: () => propagator.fields(),
  }
}
