/** An object with string keys: not null, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A finite number; OTLP/JSON and some instrumentations write numbers as strings. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** A number without a fraction. */
export function toInteger(value: unknown): number | undefined {
  const number = toNumber(value)
  return number !== undefined && Number.isInteger(number) ? number : undefined
}

/** A string that is not empty. */
export function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A list of strings; a single string is a list of one, a JSON list is parsed. */
export function toStrings(value: unknown): string[] | undefined {
  const parsed = typeof value === 'string' && value.startsWith('[') ? parseJson(value) : value
  const list = Array.isArray(parsed) ? parsed : [parsed]
  const strings = list.filter((item): item is string => typeof item === 'string' && item !== '')
  return strings.length > 0 ? strings : undefined
}

/** The value that a JSON text stands for; any other value, and text that is not JSON, as it is. */
export function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const first = value.trimStart()[0]
  // Only lists, objects and strings are worth it: a bare 42 in a text is a text.
  if (first !== '{' && first !== '[' && first !== '"') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The object that a JSON text or an object is. */
export function toRecord(value: unknown): Record<string, unknown> | undefined {
  const parsed = parseJson(value)
  return isRecord(parsed) ? parsed : undefined
}
