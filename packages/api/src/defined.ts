import type { Attributes } from '@opentelemetry/api'

/** The attributes that have a value: SDK 2 warns of `undefined`, and samplers would see the key. */
export function defined(attributes: Attributes): Attributes {
  const kept: Attributes = {}
  for (const key in attributes) if (attributes[key] !== undefined) kept[key] = attributes[key]
  return kept
}
