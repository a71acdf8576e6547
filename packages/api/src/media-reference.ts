import { referenceOf } from './hash-of.ts'
import { toJson } from './to-json.ts'

interface BlobPart {
  readonly type: 'blob'
  readonly content: string
  readonly [key: string]: unknown
}

/** Puts something in the place of a medium; where there is room for a text only, its address. */
type Replace = (part: BlobPart) => { readonly uri: string; readonly [key: string]: unknown }

/**
 * Content as JSON text, with a reference in the place of each medium: bytes never go on spans and events, whole or cut.
 * The reference is a hash of the bytes, so that the same picture is the same reference, and whoever has it can tell.
 */
export function jsonWithoutMedia(value: unknown): string {
  const parts = replaceParts(value, refer)
  const json = toJson(parts)
  return mayHoldLoose(json) ? toJson(replaceLoose(JSON.parse(json), refer)) : json
}

/** The same as plain data, or the value itself where it has no media. */
export function referToMedia(value: unknown): unknown {
  return replaceMedia(value, refer)
}

const refer: Replace = ({ content, type: _type, ...rest }) => ({
  type: 'uri',
  ...rest,
  uri: referenceOf(content),
  size: Math.floor((content.replace(/=+$/, '').length * 3) / 4),
})

/** The same content with each medium replaced; the very same value when it has none. */
export function replaceMedia(value: unknown, replace: Replace): unknown {
  const parts = replaceParts(value, replace)
  const json = toJson(parts)
  return mayHoldLoose(json) ? replaceLoose(JSON.parse(json), replace) : parts
}

/** Parts of messages that are media say so: their bytes need not even be looked at. */
function replaceParts(value: unknown, replace: Replace): unknown {
  if (!Array.isArray(value) || !value.some((item) => hasBlob(item))) return value
  return value.map((item) => replaceIn(item, replace))
}

const DEEPEST = 4

function hasBlob(item: unknown, depth = 0): boolean {
  if (typeof item !== 'object' || item === null || depth > DEEPEST) return false
  if (isBlob(item)) return true
  const { parts, response } = item as { parts?: unknown; response?: unknown }
  return [parts, response].some((list) => Array.isArray(list) && list.some((inner) => hasBlob(inner, depth + 1)))
}

function replaceIn(item: unknown, replace: Replace): unknown {
  if (typeof item !== 'object' || item === null) return item
  if (isBlob(item)) return replace(item)
  const changed: Record<string, unknown> = { ...item }
  for (const key of ['parts', 'response']) {
    const list = changed[key]
    if (Array.isArray(list)) changed[key] = list.map((inner) => replaceIn(inner, replace))
  }
  return changed
}

function isBlob(item: object): item is BlobPart {
  const { type, content } = item as Partial<BlobPart>
  return type === 'blob' && typeof content === 'string'
}

/** Whether a JSON text may hold media where no part says so: in what a tool was given, or gave. */
function mayHoldLoose(json: string): boolean {
  return json.includes(';base64,') || json.includes('"data":"')
}

/** Also within a text: pictures in Markdown. */
const DATA_URLS = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.-]+)*;base64,([\w+/-]+={0,2})/g
const BASE64 = /^[\w+/-]{64,}={0,2}$/
/** How SDKs and protocols name the type of the bytes in the field `data` beside it. */
const TYPE_KEYS = ['mime_type', 'mimeType', 'media_type', 'mediaType'] as const

/** Plain data, as JSON gives it, with an address in the place of each `data:` URL and of bytes whose type is beside them. */
function replaceLoose(value: unknown, replace: Replace): unknown {
  if (typeof value === 'string')
    return value.includes(';base64,')
      ? value.replace(DATA_URLS, (_url, type: string | undefined, bytes: string) => addressOf(bytes, type, replace))
      : value
  if (Array.isArray(value)) return value.map((item) => replaceLoose(item, replace))
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  const type = TYPE_KEYS.map((key) => fields[key]).find((one) => typeof one === 'string')
  return Object.fromEntries(
    Object.entries(fields).map(([key, item]) => {
      const isBytes = key === 'data' && type !== undefined && typeof item === 'string' && BASE64.test(item)
      return [key, isBytes ? addressOf(item, type as string, replace) : replaceLoose(item, replace)]
    }),
  )
}

function addressOf(content: string, type: string | undefined, replace: Replace): string {
  return replace({ type: 'blob', content, ...(type ? { mime_type: type } : undefined) }).uri
}
