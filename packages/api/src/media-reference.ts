import type { createHash } from 'node:crypto'

interface BlobPart {
  readonly type: 'blob'
  readonly content: string
  readonly [key: string]: unknown
}

/**
 * Content with a reference in the place of each medium: bytes never go on spans and events, whole or cut. The reference
 * is a hash of the bytes, so that the same picture is the same reference, and whoever has it can tell.
 */
export function referToMedia(value: unknown): unknown {
  return replaceMedia(value, ({ content, type: _type, ...rest }) => ({
    type: 'uri',
    ...rest,
    uri: `urn:sha256:${hashOf(content) ?? 'unknown'}`,
    size: Math.floor((content.replace(/=+$/, '').length * 3) / 4),
  }))
}

/** SHA-256 of the bytes that a base64 text stands for, in hexadecimal digits; `undefined` where Node is not. */
export function hashOf(base64: string): string | undefined {
  // Asked for when it is needed: an application without media does not load it, and one without Node can do without.
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto') as { createHash: typeof createHash } | undefined
  return crypto?.createHash('sha256').update(base64, 'base64').digest('hex')
}

/** The same content with each part of type `blob` replaced; the very same value when it has none. */
export function replaceMedia(value: unknown, replace: (part: BlobPart) => unknown): unknown {
  if (typeof value !== 'object' || value === null || !Array.isArray(value)) return value
  if (!value.some(hasMedia)) return value
  return value.map((item) => replaceIn(item, replace))
}

const DEEPEST = 4

function hasMedia(item: unknown, depth = 0): boolean {
  if (typeof item !== 'object' || item === null || depth > DEEPEST) return false
  if (isBlob(item)) return true
  const { parts, response } = item as { parts?: unknown; response?: unknown }
  return [parts, response].some((list) => Array.isArray(list) && list.some((inner) => hasMedia(inner, depth + 1)))
}

function replaceIn(item: unknown, replace: (part: BlobPart) => unknown): unknown {
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
