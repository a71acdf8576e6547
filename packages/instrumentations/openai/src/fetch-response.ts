import type { Attributes } from '@opentelemetry/api'
import { type RequestFacts, setString } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_REQUEST_STREAM_CURSOR,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_STATUS,
} from '@agentel/semconv'
import { readResponseIdentity, type ResponsesAnswer } from './responses.ts'

interface RetrieveQuery {
  readonly stream?: unknown
  readonly starting_after?: unknown
}

/** Reads the arguments of `responses.retrieve(id, query, options)`. */
export function readFetchRequest([id, query]: readonly unknown[]): RequestFacts {
  const { stream, starting_after: cursor } = (query ?? {}) as RetrieveQuery
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, id)
  if (cursor !== undefined && cursor !== null) attributes[ATTR_GEN_AI_REQUEST_STREAM_CURSOR] = String(cursor)
  return { streaming: stream === true, attributes }
}

/** A fetched response was paid for when it was made: no usage here. */
export function readFetchedResponse(response: unknown): Attributes {
  const answer = (response ?? {}) as ResponsesAnswer
  const attributes = readResponseIdentity(answer)
  setString(attributes, ATTR_GEN_AI_RESPONSE_STATUS, answer.status)
  return attributes
}
