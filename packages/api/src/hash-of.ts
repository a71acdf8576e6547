import type { createHash } from 'node:crypto'

/** SHA-256 of bytes, or of those that a base64 text stands for, in hexadecimal digits; `undefined` where Node is not. */
export function hashOf(bytes: string | Uint8Array): string | undefined {
  // Asked for when it is needed: an application without media does not load it, and one without Node can do without.
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto') as { createHash: typeof createHash } | undefined
  const hash = crypto?.createHash('sha256')
  return (typeof bytes === 'string' ? hash?.update(bytes, 'base64') : hash?.update(bytes))?.digest('hex')
}

/** What stands in content in the place of bytes: the same bytes are the same reference, and whoever has them can tell. */
export function referenceOf(bytes: string | Uint8Array): string {
  return `urn:sha256:${hashOf(bytes) ?? 'unknown'}`
}
