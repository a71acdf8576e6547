import { type Attributes, type Context, context as contextApi, createContextKey } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_METADATA,
  ATTR_AGENTEL_TAGS,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import { guard } from './guard.ts'
import { isContextOn } from './provider-registry.ts'

/** Who and what the work is for. It is stamped on every span and event, and never on a metric. */
export interface Identity {
  readonly userId?: string
  readonly sessionId?: string
  /** A real identifier of the conversation (thread, chat), never one made up for telemetry. */
  readonly conversationId?: string
  readonly tenantId?: string
  readonly tags?: readonly string[]
  /** Free keys, as `agentel.metadata.<key>`. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>
}

// createContextKey is Symbol.for underneath, so copies of this package share the keys.
const IDENTITY = createContextKey('agentel.identity.1')
const ATTRIBUTES = createContextKey('agentel.identity_attributes.1')
const AGENT = createContextKey('agentel.agent.1')

/**
 * Runs `fn` for this user, session, conversation, tenant. What an enclosing call set stays, unless it is named again;
 * metadata are merged by key, tags are joined.
 *
 * @example
 * await withIdentity({ userId: 'u1', sessionId: 's1' }, () => agent.run(question))
 */
export function withIdentity<T>(identity: Identity, fn: () => T): T {
  if (!isContextOn()) return fn()
  return contextApi.with(setIdentity(contextApi.active(), identity), fn)
}

/** The context with this identity added to the one that it has; the same context when the identity cannot be read. */
export function setIdentity(context: Context, identity: Identity): Context {
  const added = guard('api.identity', () => {
    const merged = mergeIdentity(getIdentity(context), identity)
    return context.setValue(IDENTITY, merged).setValue(ATTRIBUTES, attributesOf(merged))
  })
  return added ?? context
}

/** Whose work this is; empty when nobody said. */
export function getIdentity(context: Context = contextApi.active()): Identity {
  return (context.getValue(IDENTITY) as Identity | undefined) ?? NOBODY
}

/** The attributes that say whose work this is: one frozen object per identity, shared. */
export function identityAttributes(context: Context = contextApi.active()): Readonly<Attributes> {
  return (context.getValue(ATTRIBUTES) as Attributes | undefined) ?? NOBODY
}

/** The context in which this agent is at work. */
export function setAgentName(context: Context, name: string): Context {
  return context.setValue(AGENT, name)
}

/** Name of the agent that is at work, if any. */
export function getAgentName(context: Context = contextApi.active()): string | undefined {
  return context.getValue(AGENT) as string | undefined
}

/** The identity, and the attributes, of a context in which nobody said whose work it is. */
export const NOBODY: Readonly<Record<string, never>> = Object.freeze({})

function mergeIdentity(outer: Identity, inner: Identity): Identity {
  const merged: Record<string, unknown> = { ...outer }
  for (const [key, value] of Object.entries(inner)) if (value !== undefined) merged[key] = value
  if (outer.tags && inner.tags) merged.tags = [...new Set([...outer.tags, ...inner.tags])]
  if (outer.metadata && inner.metadata) merged.metadata = { ...outer.metadata, ...inner.metadata }
  return Object.freeze(merged)
}

function attributesOf(identity: Identity): Readonly<Attributes> {
  const attributes: Attributes = {}
  if (identity.userId !== undefined) attributes[ATTR_USER_ID] = identity.userId
  if (identity.sessionId !== undefined) attributes[ATTR_SESSION_ID] = identity.sessionId
  if (identity.conversationId !== undefined) attributes[ATTR_GEN_AI_CONVERSATION_ID] = identity.conversationId
  if (identity.tenantId !== undefined) attributes[ATTR_AGENTEL_TENANT_ID] = identity.tenantId
  if (identity.tags !== undefined && identity.tags.length > 0) attributes[ATTR_AGENTEL_TAGS] = [...identity.tags]
  for (const [key, value] of Object.entries(identity.metadata ?? {})) {
    attributes[ATTR_AGENTEL_METADATA(key)] = String(value)
  }
  return Object.freeze(attributes)
}
