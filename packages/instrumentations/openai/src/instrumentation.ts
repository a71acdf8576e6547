import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type OperationReaders,
  type Patch,
  type PatchTable,
} from '@agentel/instrumentation-kit'
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
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the openai instrumentation. */
export interface OpenAIInstrumentationConfig extends InstrumentationConfig {
  /**
   * Ask for the usage of streamed chat completions where the caller did not: the only way to learn their tokens. The
   * caller then sees one more chunk, which has no choices. Default `false`: nothing that is sent is changed.
   */
  includeStreamUsage?: boolean
}

/**
 * OpenTelemetry instrumentation of the `openai` client: one span for every call that reaches a model.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] })
 */
export class OpenAIInstrumentation extends KitInstrumentation<OpenAIInstrumentationConfig> {
  constructor(config: OpenAIInstrumentationConfig = {}) {
    super(openaiTable, config)
  }
}

/** What is patched. `stream()`, `parse()` and `runTools()` call `create` inside: patching them would count twice. */
export function openaiTable({ includeStreamUsage = false }: OpenAIInstrumentationConfig = {}): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: 'openai',
    entries: ['index', 'client', 'azure', 'bedrock'],
    majors: [6, 7],
    patches: [
      patch('chat.completions.create', ['Chat', 'Completions'], 'create', chat(includeStreamUsage)),
      patch('responses.create', ['Responses'], 'create', responses()),
      patch('responses.retrieve', ['Responses'], 'retrieve', fetchResponse()),
      patch('embeddings.create', ['Embeddings'], 'create', embeddings()),
    ],
  }
}

/** The resources' classes hang on the client's class (a subclass inherits them), so one exported name leads to all of them, in every version since 4. */
function patch(name: string, path: readonly string[], method: string, readers: OperationReaders): Patch {
  return {
    name,
    method,
    find: (exports) => {
      let found: unknown = exports.OpenAI ?? exports.AzureOpenAI ?? exports.BedrockOpenAI ?? exports.default
      for (const step of path) found = (found as ModuleExports | undefined)?.[step]
      return (found as { prototype?: object } | undefined)?.prototype
    },
    readers,
  }
}

/** A promise of the client's own kind, so that `.withResponse()` and the like are there when a gate stops a call. */
function reject(resource: unknown, { APIPromise }: ModuleExports, error: unknown): unknown {
  const rejected = Promise.reject(error)
  if (typeof APIPromise !== 'function') return rejected
  return Reflect.construct(APIPromise, [(resource as { _client?: unknown })._client, rejected])
}

const shared = { readDestination, reject }

function chat(includeStreamUsage: boolean): OperationReaders {
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

function responses(): OperationReaders {
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

function fetchResponse(): OperationReaders {
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

function embeddings(): OperationReaders {
  return {
    ...shared,
    name: 'openai.embeddings',
    operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
    readRequest: readEmbeddingsRequest,
    readResponse: readEmbeddingsResponse,
  }
}
