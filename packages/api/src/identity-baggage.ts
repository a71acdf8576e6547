import type { Baggage } from '@opentelemetry/api'
import { ATTR_AGENTEL_TAGS, ATTR_AGENTEL_TENANT_ID } from '@agentel/semconv'
import type { Identity } from './identity.ts'

/**
 * How an identity travels: as members of the W3C baggage header under keys of our own, so that they are told apart
 * from the application's and taken out again on arrival.
 */
const KEYS = {
  userId: 'agentel.user.id',
  sessionId: 'agentel.session.id',
  conversationId: 'agentel.conversation.id',
  tenantId: ATTR_AGENTEL_TENANT_ID,
} as const
const TAGS = ATTR_AGENTEL_TAGS
const METADATA = 'agentel.metadata.'

/** The header's limit in the W3C recommendation, in bytes. */
const MAX_HEADER = 8192
/** What arrives comes from outside: nobody's id is longer, and more entries are not read. */
const MAX_VALUE = 512
const MAX_ENTRIES = 64

/** A member of a baggage header: key, decoded value, and properties as they were. */
export interface BaggageMember {
  readonly key: string
  readonly value: string
  readonly properties?: string
}

/** Whether a baggage key is one of ours. */
export function isIdentityKey(key: string): boolean {
  return key === TAGS || key.startsWith(METADATA) || (Object.values(KEYS) as string[]).includes(key)
}

/** The identity as baggage members, the most important first. */
export function identityMembers(identity: Identity): BaggageMember[] {
  const members: BaggageMember[] = []
  for (const [field, key] of Object.entries(KEYS) as [keyof typeof KEYS, string][]) {
    const value = identity[field]
    if (value !== undefined) members.push({ key, value })
  }
  if (identity.tags !== undefined && identity.tags.length > 0)
    members.push({ key: TAGS, value: JSON.stringify(identity.tags) })
  for (const [key, value] of Object.entries(identity.metadata ?? {})) {
    members.push({ key: METADATA + key, value: String(value) })
  }
  return members
}

/** The identity that baggage members hold; `undefined` when they hold none. */
export function identityOf(members: Iterable<BaggageMember>): Identity | undefined {
  const identity: Record<string, unknown> = {}
  const metadata: Record<string, string> = {}
  let entries = 0
  for (const { key, value } of members) {
    if (!isIdentityKey(key) || ++entries > MAX_ENTRIES || value.length > MAX_VALUE) continue
    const field = (Object.keys(KEYS) as (keyof typeof KEYS)[]).find((name) => KEYS[name] === key)
    if (field !== undefined) identity[field] = value
    else if (key === TAGS) identity.tags = readTags(value)
    else metadata[key.slice(METADATA.length)] = value
  }
  if (entries === 0) return undefined
  if (Object.keys(metadata).length > 0) identity.metadata = metadata
  if (identity.tags === undefined) delete identity.tags
  return identity
}

/** The members of a baggage that OpenTelemetry holds. */
export function membersOf(baggage: Baggage | undefined): BaggageMember[] {
  return (baggage?.getAllEntries() ?? []).map(([key, { value, metadata }]) => {
    const properties = metadata?.toString() ?? ''
    return properties === '' ? { key, value } : { key, value, properties }
  })
}

/** The header's text. Members that do not fit into its limit are left out, the last first. */
export function writeBaggage(members: Iterable<BaggageMember>): string {
  let header = ''
  for (const { key, value, properties } of members) {
    const member = `${encodeURIComponent(key)}=${encodeURIComponent(value)}${properties === undefined ? '' : `;${properties}`}`
    const longer = header === '' ? member : `${header},${member}`
    if (longer.length <= MAX_HEADER) header = longer
  }
  return header
}

/** The members of a header; those that cannot be read are left out. */
export function readBaggage(header: unknown): BaggageMember[] {
  const text = Array.isArray(header) ? header.join(',') : header
  if (typeof text !== 'string' || text.length > MAX_HEADER) return []
  return text.split(',').flatMap((member) => {
    const [pair = '', ...properties] = member.split(';')
    const equals = pair.indexOf('=')
    if (equals <= 0) return []
    try {
      const key = decodeURIComponent(pair.slice(0, equals).trim())
      const value = decodeURIComponent(pair.slice(equals + 1).trim())
      return [properties.length === 0 ? { key, value } : { key, value, properties: properties.join(';') }]
    } catch {
      return []
    }
  })
}

function readTags(value: string): string[] | undefined {
  try {
    const tags: unknown = JSON.parse(value)
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string').slice(0, MAX_ENTRIES) : undefined
  } catch {
    return undefined
  }
}
