import type { Attributes } from '@opentelemetry/api'
import { type Destination, setString } from '@agentel/instrumentation-kit'
import { ATTR_GEN_AI_RESPONSE_FINISH_REASONS, ATTR_GEN_AI_RESPONSE_ID } from '@agentel/semconv'
import type { ResponsesAnswer } from './responses.ts'
import { setUsage } from './usage.ts'

/** Reads what `responses.compact` gave; it does not say which model did it. */
export function readCompactedResponse(response: unknown, destination: Destination): Attributes {
  const answer = (response ?? {}) as ResponsesAnswer
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, answer.id)
  attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = ['compaction']
  setUsage(attributes, answer.usage, destination)
  return attributes
}
