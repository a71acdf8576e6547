import { cut } from './describe-error.ts'
import { shorten } from './shorten.ts'

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return typeof Buffer === 'undefined' ? new TextEncoder().encode(text).length : Buffer.byteLength(text)
}

/** Texts are cut to these lengths, one after the other, before anything is left out. */
const TEXT_LENGTHS = [16_384, 4096, 1024, 256, 64]
const MOST_ROUNDS = 8

/**
 * JSON of at most so many bytes with the beginnings of what was there: first all long texts are cut, so that every
 * message keeps its place, and only when that is not enough are the later entries left out.
 *
 * @returns undefined when nothing of it fits
 */
export function cutJson(json: string, bytes: number): string | undefined {
  if (bytes < 2) return undefined
  const value = JSON.parse(json) as unknown
  for (const length of TEXT_LENGTHS) {
    const shorter = JSON.stringify(cutTexts(value, length))
    if (byteLength(shorter) <= bytes) return shorter
  }
  const smallest = cutTexts(value, TEXT_LENGTHS.at(-1)!)
  // `shorten` counts characters; of those that take more than one byte there is room for fewer.
  let room = bytes
  for (let round = 0; round < MOST_ROUNDS && room >= 2; round++) {
    const part = shorten(smallest, room)
    if (part === undefined) return undefined
    const text = JSON.stringify(part)
    const size = byteLength(text)
    if (size <= bytes) return text
    room = Math.floor((room * bytes) / size) - 1
  }
  return undefined
}

function cutTexts(value: unknown, length: number): unknown {
  if (typeof value === 'string') return cut(value, length)
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, length))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    // Half an address, or half a name, is a wrong one.
    Object.entries(value).map(([key, item]) => [key, isName(key, item) ? item : cutTexts(item, length)]),
  )
}

const NAMES: ReadonlySet<string> = new Set(['type', 'role', 'id', 'name', 'uri', 'file_id', 'mime_type', 'modality'])
const LONGEST_NAME = 256

function isName(key: string, value: unknown): boolean {
  return NAMES.has(key) && typeof value === 'string' && value.length <= LONGEST_NAME
}
