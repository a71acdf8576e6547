import { type OperationReaders } from '@agentel/instrumentation-kit'
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
} from '@agentel/semconv'
import { readChatRequest, readChatResponse, reduceChatChunk } from './chat.ts'
import { readChatInput, readChatOutput } from './chat-content.ts'
import { readDestination } from './destination.ts'
import { readEmbeddingsRequest, readEmbeddingsResponse } from './embeddings.ts'
import { readFetchedResponse, readFetchRequest } from './fetch-response.ts'
import { readResponsesFailure, readResponsesRequest, readResponsesResponse, reduceResponsesEvent } from './responses.ts'
import { includeUsage } from './include-usage.ts'
import { readResponsesInput, readResponsesOutput } from './responses-content.ts'

/** A promise of the client's own kind: it rejects a request whose options do not come. Nothing is sent. */
function reject(resource: unknown, error: unknown): unknown {
  const rejected = Promise.reject(error)
  const client = (resource as { _client?: { request?: (options: Promise<never>) => unknown } })._client
  return typeof client?.request === 'function' ? client.request(rejected) : rejected
}

const shared = { readDestination, reject }

/** `chat.completions.create` */
export function chat(includeStreamUsage: boolean): OperationReaders {
  return {
    ...shared,
    name: 'openai.chat',
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    readRequest: readChatRequest,
    readResponse: readChatResponse,
    reduceChunk: reduceChatChunk,
    readInput: readChatInput,
    readOutput: readChatOutput,
    ...(includeStreamUsage ? { prepareArguments: includeUsage } : undefined),
  }
}

/** `responses.create` */
export function responses(): OperationReaders {
  return {
    ...shared,
    name: 'openai.responses',
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    readRequest: readResponsesRequest,
    readResponse: readResponsesResponse,
    readFailure: readResponsesFailure,
    reduceChunk: reduceResponsesEvent,
    readInput: readResponsesInput,
    readOutput: readResponsesOutput,
  }
}

/** `responses.retrieve` */
export function fetchResponse(): OperationReaders {
  return {
    ...shared,
    name: 'openai.fetchResponse',
    operation: GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
    readRequest: readFetchRequest,
    readResponse: readFetchedResponse,
    reduceChunk: reduceResponsesEvent,
    readOutput: readResponsesOutput,
  }
}

/** `embeddings.create` */
export function embeddings(): OperationReaders {
  return {
    ...shared,
    name: 'openai.embeddings',
    operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    readRequest: readEmbeddingsRequest,
    readResponse: readEmbeddingsResponse,
  }
}
