import { type OperationReaders } from '@agentel/instrumentation-kit'
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '@agentel/semconv'
import { readChatRequest, readChatResponse, reduceChatChunk } from './chat.ts'
import { readChatInput, readChatOutput } from './chat-content.ts'
import { readCompactedResponse } from './compaction.ts'
import {
  readCompletionInput,
  readCompletionOutput,
  readCompletionRequest,
  readCompletionResponse,
  reduceCompletionChunk,
} from './completions.ts'
import { readDestination } from './destination.ts'
import { readEmbeddingsRequest, readEmbeddingsResponse } from './embeddings.ts'
import { readFetchedResponse, readFetchRequest } from './fetch-response.ts'
import { reduceResponsesEvent } from './response-events.ts'
import { readResponsesFailure, readResponsesRequest, readResponsesResponse } from './responses.ts'
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

/** `responses.compact`: a model makes a conversation shorter. */
export function compaction(): OperationReaders {
  return {
    ...shared,
    name: 'openai.compaction',
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    readRequest: readResponsesRequest,
    readResponse: readCompactedResponse,
    readInput: readResponsesInput,
    readOutput: readResponsesOutput,
  }
}

/** `completions.create`: a model continues a text. */
export function completion(includeStreamUsage: boolean): OperationReaders {
  return {
    ...shared,
    name: 'openai.completion',
    operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
    readRequest: readCompletionRequest,
    readResponse: readCompletionResponse,
    reduceChunk: reduceCompletionChunk,
    readInput: readCompletionInput,
    readOutput: readCompletionOutput,
    ...(includeStreamUsage ? { prepareArguments: includeUsage } : undefined),
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
