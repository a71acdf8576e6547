import type { Attributes } from '@opentelemetry/api'
import { ATTR_AGENTEL_CONTENT_ORIGINAL_SIZE } from '@agentel/semconv'
import { contentSettings } from './content-capture.ts'
import { byteLength, cutJson } from './cut-json.ts'
import { jsonWithoutMedia } from './media-reference.ts'

/** Bytes of content that spans carry already, by attribute: one that is written again takes the place of what was there. */
const spent = new WeakMap<object, Map<string, number>>()

function spentBeside(span: object, key: string): number {
  let used = 0
  for (const [other, bytes] of spent.get(span) ?? []) if (other !== key) used += bytes
  return used
}

function spend(span: object, key: string, bytes: number): void {
  const known = spent.get(span)
  if (known === undefined) spent.set(span, new Map([[key, bytes]]))
  else known.set(key, bytes)
}

/**
 * Content as attributes of a span: within the budgets of an attribute and of the whole span, and within the length that
 * the user allows an attribute, which the SDK would otherwise cut in the middle of the JSON. What was cut is JSON still,
 * and its original size is beside it.
 *
 * @param span whose budget it is; without one only the attribute's own counts
 */
export function spanContentAttributes(span: object | undefined, key: string, value: unknown): Attributes {
  const { attributeBytes, spanBytes, spanEncoding } = contentSettings()
  const used = span === undefined ? 0 : spentBeside(span, key)
  const room = Math.min(attributeBytes, spanBytes - used, lengthLimitOf(span))
  const { json, size } = fit(value, room)
  if (span !== undefined && json !== undefined) spend(span, key, byteLength(json))
  const structured = spanEncoding === 'structured' && typeof value !== 'string'
  return {
    ...(json === undefined ? undefined : { [key]: structured ? (JSON.parse(json) as unknown) : json }),
    ...(size === undefined ? undefined : { [ATTR_AGENTEL_CONTENT_ORIGINAL_SIZE(key)]: size }),
  } as Attributes
}

/** Content as attributes of OpenTelemetry's own events: structured, within the budget of an attribute. */
export function eventContentAttributes(key: string, value: unknown): Record<string, unknown> {
  const { json, size } = fit(value, contentSettings().attributeBytes)
  return {
    ...(json === undefined ? undefined : { [key]: JSON.parse(json) as unknown }),
    ...(size === undefined ? undefined : { [ATTR_AGENTEL_CONTENT_ORIGINAL_SIZE(key)]: size }),
  }
}

/** `size`, in bytes of JSON, only of what was cut; `json` is missing when nothing of it fits. */
function fit(value: unknown, room: number): { json?: string; size?: number } {
  const json = jsonWithoutMedia(value)
  // A character is at most three bytes: most content need not be counted.
  if (json.length * 3 <= room) return { json }
  const size = byteLength(json)
  if (size <= room) return { json }
  const cut = cutJson(json, room)
  return cut === undefined ? { size } : { json: cut, size }
}

/** The length that the user allows an attribute, as both SDK lines keep it with the span; none by default. */
function lengthLimitOf(span: object | undefined): number {
  const limits = (span as { _spanLimits?: { attributeValueLengthLimit?: unknown } } | undefined)?._spanLimits
  const limit = limits?.attributeValueLengthLimit
  return typeof limit === 'number' && limit > 0 ? limit : Number.POSITIVE_INFINITY
}
