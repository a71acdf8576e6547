import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_CONVERSATION_ID, ATTR_SESSION_ID, ATTR_USER_ID } from '@agentel/semconv'
import type { Attributes } from '@opentelemetry/api'
import type { AuditEvent } from './audit-event.ts'

/** What the attributes of an event, or of a span, give as columns of their own, and what is left of them. */
export function fieldsOf(
  attributes: Readonly<Attributes>,
): Pick<AuditEvent, 'agent' | 'user' | 'session' | 'conversation' | 'attributes'> {
  const { [ATTR_USER_ID]: _user, [ATTR_SESSION_ID]: _session, ...others } = attributes
  return {
    agent: textOf(attributes, ATTR_GEN_AI_AGENT_NAME),
    user: textOf(attributes, ATTR_USER_ID),
    session: textOf(attributes, ATTR_SESSION_ID),
    conversation: textOf(attributes, ATTR_GEN_AI_CONVERSATION_ID),
    attributes: others,
  }
}

function textOf(attributes: Readonly<Attributes>, key: string): string | undefined {
  const value = attributes[key]
  return value === undefined ? undefined : String(value)
}
