import type { Attributes } from '@opentelemetry/api'
import { ATTR_AGENTEL_USAGE_SERVICE_TIER } from '@agentel/semconv'

/** What providers call the tier of which nobody asked for more. */
const STANDARD: ReadonlySet<unknown> = new Set(['default', 'auto', 'standard', 'on_demand'])

/** Sets the service tier by which a provider bills a call, when it is not the standard one. */
export function setServiceTier(attributes: Attributes, tier: unknown): void {
  if (typeof tier === 'string' && tier !== '' && !STANDARD.has(tier)) attributes[ATTR_AGENTEL_USAGE_SERVICE_TIER] = tier
}
