import type { Attributes } from '@opentelemetry/api'
import { type Destination, type RequestFacts, setNumber, setString, setStrings } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
} from '@agentel/semconv'
import { setToldCost, type ToldCost } from './told-cost.ts'

interface EmbeddingsRequest {
  readonly model?: unknown
  readonly encoding_format?: unknown
}

interface EmbeddingsAnswer {
  readonly model?: unknown
  readonly usage?: ({ readonly prompt_tokens?: unknown } & ToldCost) | null
  readonly data?: readonly { readonly embedding?: { readonly length?: number } | string }[]
}

/** What the client asks for when the caller does not say: it is shorter on the wire, and decoded before it is handed out. */
const DEFAULT_ENCODING = 'base64'

/** Reads the arguments of `embeddings.create(body, options)`. */
export function readEmbeddingsRequest([body]: readonly unknown[]): RequestFacts {
  const request = (body ?? {}) as EmbeddingsRequest
  const attributes: Attributes = {}
  setStrings(attributes, ATTR_GEN_AI_REQUEST_ENCODING_FORMATS, request.encoding_format || DEFAULT_ENCODING)
  return { model: typeof request.model === 'string' ? request.model : undefined, streaming: false, attributes }
}

/** Reads the answer; the vectors' length counts, not what the request asked for. */
export function readEmbeddingsResponse(response: unknown, { provider }: Destination): Attributes {
  const answer = (response ?? {}) as EmbeddingsAnswer
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.model)
  setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, answer.usage?.prompt_tokens)
  if (answer.usage) setToldCost(attributes, provider, answer.usage)
  setNumber(attributes, ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, dimensions(answer.data?.[0]?.embedding))
  return attributes
}

const BYTES_PER_FLOAT32 = 4

function dimensions(embedding: { readonly length?: number } | string | undefined): number | undefined {
  if (typeof embedding === 'string') return Math.floor(Buffer.byteLength(embedding, 'base64') / BYTES_PER_FLOAT32)
  return embedding?.length
}
