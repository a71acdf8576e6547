import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import type { AttributeMap, AttributeValue } from '../api/contract.ts'
import type { OtlpObject, OtlpValue } from './decode.ts'

function integer(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

/** A decoded AnyValue as plain JSON. Integers beyond 2^53 stay decimal strings. */
export function plainValue(value: OtlpValue | undefined): AttributeValue {
  if (typeof value !== 'object' || Array.isArray(value)) return null
  if (value.stringValue !== undefined) return value.stringValue as string
  if (value.boolValue !== undefined) return value.boolValue as boolean
  if (value.intValue !== undefined) return integer(String(value.intValue))
  if (value.doubleValue !== undefined) return value.doubleValue as number | string
  if (value.arrayValue !== undefined) {
    const values = (value.arrayValue as OtlpObject).values as OtlpValue[] | undefined
    return (values ?? []).map(plainValue)
  }
  if (value.kvlistValue !== undefined) return plainAttributes((value.kvlistValue as OtlpObject).values)
  if (value.bytesValue !== undefined) return { base64: value.bytesValue as string }
  return null
}

/** A decoded list of KeyValue as an object. */
export function plainAttributes(list: OtlpValue | undefined): AttributeMap {
  const attributes: Record<string, AttributeValue> = Object.create(null) as Record<string, AttributeValue>
  if (!Array.isArray(list)) return attributes
  for (const item of list as OtlpObject[]) attributes[String(item.key ?? '')] = plainValue(item.value)
  return attributes
}

/** `service.name` of a decoded Resource; '' when it has none. */
export function serviceOf(resource: OtlpObject): string {
  for (const item of (resource.attributes ?? []) as OtlpObject[]) {
    if (item.key === ATTR_SERVICE_NAME) return String(plainValue(item.value) ?? '')
  }
  return ''
}
