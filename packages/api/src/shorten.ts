import { cut } from './describe-error.ts'

/**
 * The beginning of plain data (as `JSON.parse` gives it) whose JSON is at most `room` characters long: texts are cut,
 * later entries are left out, and the structure stays.
 */
export function shorten(value: unknown, room: number): unknown {
  return take(value, room)?.value
}

/** A part of the data and the length of its JSON. */
interface Taken {
  readonly value: unknown
  readonly size: number
}

/** As much of the value as fits; `undefined` when nothing of it does. */
function take(value: unknown, room: number): Taken | undefined {
  if (typeof value === 'string') return takeText(value, room)
  if (typeof value !== 'object' || value === null) {
    const size = JSON.stringify(value)?.length ?? 0
    return size <= room ? { value, size } : undefined
  }
  if (room < 2) return undefined
  return Array.isArray(value) ? takeItems(value, room) : takeFields(value as Record<string, unknown>, room)
}

function takeText(text: string, room: number): Taken | undefined {
  // Quotes take two; what has to be escaped takes more than one each.
  for (let length = Math.min(text.length, room - 2); length > 0; length = Math.floor(length / 2)) {
    const value = cut(text, length)
    const size = JSON.stringify(value).length
    if (size <= room) return { value, size }
  }
  return text === '' && room >= 2 ? { value: '', size: 2 } : undefined
}

function takeItems(items: readonly unknown[], room: number): Taken {
  const value: unknown[] = []
  let size = 2
  for (const item of items) {
    const comma = value.length === 0 ? 0 : 1
    const taken = take(item, room - size - comma)
    if (taken === undefined) break
    value.push(taken.value)
    size += taken.size + comma
  }
  return { value, size }
}

function takeFields(fields: Record<string, unknown>, room: number): Taken {
  const value: Record<string, unknown> = {}
  let size = 2
  for (const [key, field] of Object.entries(fields)) {
    const overhead = JSON.stringify(key).length + (size === 2 ? 1 : 2)
    const taken = take(field, room - size - overhead)
    if (taken === undefined) break
    value[key] = taken.value
    size += taken.size + overhead
  }
  return { value, size }
}
