import type { Attributes } from '@opentelemetry/api'
import { aiProviderName, type OperationReaders, setNumber, setString } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '@agentel/semconv'
import type { AnswerEvent, ModelCallEvent } from './events.ts'

/** One call of an embedding model; `embedMany` can make several. */
export const embeddings: OperationReaders = {
  name: 'ai.embed',
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  readDestination: (event) => ({ provider: aiProviderName((event as ModelCallEvent).provider) }),
  readRequest: ([event]) => ({ model: (event as ModelCallEvent).modelId, streaming: false, attributes: {} }),
  readResponse(event) {
    const { embeddings: vectors, modelId, usage } = (event ?? {}) as AnswerEvent
    const attributes: Attributes = {}
    setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, modelId)
    setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, usage?.tokens)
    const [first] = Array.isArray(vectors) ? (vectors as unknown[][]) : []
    setNumber(attributes, ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, first?.length)
    return attributes
  },
  reject: (_event, error) => Promise.reject(error),
}
