import { hash as digest } from 'node:crypto'

/** What the hash of a row covers beside the hash of the row before it. */
export interface ChainedFields {
  readonly sequence: number
  readonly time: number
  readonly event: string
  readonly severity: number
  readonly agent: string | null
  readonly trace: string | null
  readonly span: string | null
  readonly contentHash: Uint8Array
}

/** What can be erased: the row's hash covers only a salted hash of it. */
export interface ErasableContent {
  readonly user: string | null
  readonly session: string | null
  readonly conversation: string | null
  readonly payload: string
}

/** What stands before the first row. */
export const GENESIS: Uint8Array = new Uint8Array(32)

/** The salt makes sure that nobody can guess an erased user from the hash that remains. */
export function hashContent(salt: Uint8Array, content: ErasableContent): Uint8Array {
  const { user, session, conversation, payload } = content
  return sha256([hex(salt), user, session, conversation, payload])
}

/** The hash of a row: over the one before it, its fields and the hash of its content. */
export function hashRow(previous: Uint8Array, row: ChainedFields): Uint8Array {
  const { sequence, time, event, severity, agent, trace, span, contentHash } = row
  return sha256([hex(previous), sequence, time, event, severity, agent, trace, span, hex(contentHash)])
}

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** A list as JSON has one reading only: no two different rows give the same text. */
function sha256(values: readonly (string | number | null)[]): Uint8Array {
  return digest('sha256', JSON.stringify(values), 'buffer')
}
