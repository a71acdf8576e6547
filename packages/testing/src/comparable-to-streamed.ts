import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
} from '@agentel/semconv'

/** Attributes of a model call without what holds for a stream alone, and what differs because two calls are two requests. */
export function comparableToStreamed(attributes: Attributes): Attributes {
  const {
    [ATTR_GEN_AI_REQUEST_STREAM]: _stream,
    [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: _first,
    [ATTR_GEN_AI_RESPONSE_ID]: id,
    ...rest
  } = attributes
  return { ...rest, hasId: typeof id === 'string' }
}
