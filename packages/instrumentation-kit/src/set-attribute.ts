import type { Attributes } from '@opentelemetry/api'

/*
 * What an application puts into a request may be of any type, null included. Only a value of the attribute's own type
 * is recorded.
 */

/** Sets a string attribute when `value` is one. */
export function setString(attributes: Attributes, key: string, value: unknown): void {
  if (typeof value === 'string') attributes[key] = value
}

/** Sets a number attribute when `value` is one. */
export function setNumber(attributes: Attributes, key: string, value: unknown): void {
  if (typeof value === 'number') attributes[key] = value
}

/** Sets a count that is part of a whole: a part of zero says nothing and is left out. */
export function setPart(attributes: Attributes, key: string, value: unknown): void {
  if (typeof value === 'number' && value > 0) attributes[key] = value
}

/** Sets a string array attribute from one string or many. */
export function setStrings(attributes: Attributes, key: string, value: unknown): void {
  if (typeof value === 'string') attributes[key] = [value]
  else if (Array.isArray(value)) attributes[key] = value.filter((item): item is string => typeof item === 'string')
}
