/**
 * The registry as data: what type, unit, buckets, kind and name everything has. Apart from the constants, so that
 * a program that only needs names does not load it.
 */
import type { AttributeDefinition, EventDefinition, SpanDefinition } from './definitions.ts'
import { attributeDefinitions } from './generated/attribute-definitions.ts'
import { eventDefinitions } from './generated/event-definitions.ts'
import { spanDefinitions } from './generated/span-definitions.ts'

export type * from './definitions.ts'
export * from './metric-registry.ts'
export { attributeDefinitions, eventDefinitions, spanDefinitions }

const attributesByKey = new Map(attributeDefinitions.map((definition) => [definition.key, definition]))
const templates = attributeDefinitions.filter((definition) => definition.template === true)
const eventsByName = new Map(eventDefinitions.map((definition) => [definition.name, definition]))
const spansByType = new Map(spanDefinitions.map((definition) => [definition.type, definition]))

/** The attribute that `key` is, `gen_ai.prompt.variable.city` included; undefined when the registry has none. */
export function findAttribute(key: string): AttributeDefinition | undefined {
  const exact = attributesByKey.get(key)
  if (exact !== undefined && exact.template !== true) return exact
  return templates.find((definition) => key.startsWith(`${definition.key}.`) && key.length > definition.key.length + 1)
}

/** The event called `name`; undefined when the registry has none. */
export function findEvent(name: string): EventDefinition | undefined {
  return eventsByName.get(name)
}

/** The span of type `type`, a refinement's id included; undefined when the registry has none. */
export function findSpan(type: string): SpanDefinition | undefined {
  return spansByType.get(type)
}

/** The span types, refinements left out, that carry this value of `gen_ai.operation.name`. */
export function spansOfOperation(operation: string): readonly SpanDefinition[] {
  return spanDefinitions.filter((span) => span.refines === undefined && span.operations.includes(operation))
}

/** The name that `pattern` gives for `attributes`: a place whose attribute is missing is left out. */
export function spanName(pattern: string, attributes: Readonly<Record<string, unknown>>): string {
  const words = pattern.match(/\{[^}]+\}|[^\s{}]+/g) ?? []
  return words
    .map((word) => (word.startsWith('{') ? firstValue(word.slice(1, -1).split('|'), attributes) : word))
    .filter((word) => word !== '')
    .join(' ')
}

function firstValue(keys: readonly string[], attributes: Readonly<Record<string, unknown>>): string {
  for (const key of keys) {
    const value = attributes[key]
    if (value !== undefined && value !== null && value !== '') return String(value)
  }
  return ''
}
