import { getAgentName, identityAttributes } from '@agentel/api'
import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import type { Enricher } from './enricher.ts'

/**
 * Stamps whose work it is (user, session, conversation, tenant, tags, metadata of the context) on spans of any origin
 * and on log records; and the agent at work on GenAI spans that do not name one. What is there already stays.
 */
export function identityEnricher(): Enricher {
  return {
    name: 'identity',
    onStart(span, parentContext) {
      const present = span.attributes ?? {}
      const identity = identityAttributes(parentContext)
      for (const key in identity) if (!(key in present)) span.setAttribute(key, identity[key])
      if (ATTR_GEN_AI_OPERATION_NAME in present && !(ATTR_GEN_AI_AGENT_NAME in present)) {
        const agent = getAgentName(parentContext)
        if (agent !== undefined) span.setAttribute(ATTR_GEN_AI_AGENT_NAME, agent)
      }
    },
    onLog(record, context) {
      const identity = identityAttributes(context)
      for (const key in identity) if (!(key in record.attributes)) record.setAttribute(key, identity[key])
    },
  }
}
