import type { Attributes } from '@opentelemetry/api'
import {
  aiProviderName,
  type Content,
  type OperationReaders,
  type Outcome,
  type RequestFacts,
  readEndpoint,
  setNumber,
  setPart,
  setString,
  setStrings,
  toolDefinitions,
} from '@agentel/instrumentation-kit'
import {
  ATTR_AGENTEL_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ERROR_TYPE_VALUE_OTHER,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
} from '@agentel/semconv'
import type { AnswerEvent, ModelCallEvent } from './events.ts'
import { addPart } from './model-parts.ts'
import { inputMessages, outputParts, systemParts } from './messages.ts'

/** One call of a language model, as the events of `ai` tell it. */
export const chat: OperationReaders = {
  name: 'ai.languageModelCall',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  readDestination: (event) => ({ provider: aiProviderName((event as ModelCallEvent).provider) }),
  readRequest,
  readResponse,
  readFailure,
  reduceChunk: addPart,
  readInput,
  readOutput,
  reject: (_event, error) => Promise.reject(error),
}

function readRequest([event]: readonly unknown[]): RequestFacts {
  const request = (event ?? {}) as ModelCallEvent
  const attributes: Attributes = {}
  setNumber(attributes, ATTR_GEN_AI_REQUEST_MAX_TOKENS, request.maxOutputTokens)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, request.temperature)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_P, request.topP)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_K, request.topK)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, request.presencePenalty)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, request.frequencyPenalty)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_SEED, request.seed)
  setStrings(attributes, ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, request.stopSequences)
  setString(attributes, ATTR_GEN_AI_OUTPUT_TYPE, request.outputType)
  return { model: request.modelId, streaming: request.streaming === true, attributes }
}

function readResponse(event: unknown, _destination: unknown, outcome: Outcome): Attributes {
  const answer = (event ?? {}) as AnswerEvent
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, answer.responseId ?? answer.response?.id)
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.response?.modelId ?? answer.modelId)
  if (typeof answer.finishReason === 'string') {
    attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = [FINISH_REASONS[answer.finishReason] ?? answer.finishReason]
  } else if (outcome !== 'left') attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = ['error']
  const first = answer.performance?.timeToFirstOutputMs ?? answer.msToFirstChunk
  if (typeof first === 'number') attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = first / 1000
  setUsage(attributes, answer.usage)
  const { address, port } = readEndpoint(answer.request?.url)
  setString(attributes, ATTR_SERVER_ADDRESS, address)
  setNumber(attributes, ATTR_SERVER_PORT, port)
  return attributes
}

/** An error in the middle of a stream is a part of it; the events tell no more than that there was one. */
function readFailure(event: unknown): { type: string; message: string } | undefined {
  if ((event as AnswerEvent | undefined)?.finishReason !== 'error') return undefined
  return { type: ERROR_TYPE_VALUE_OTHER, message: 'The answer ended with an error of the model.' }
}

/** Our words for the SDK's; they are those of the clients of other instrumentations too. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  'tool-calls': 'tool_call',
  'content-filter': 'content_filter',
}

function setUsage(attributes: Attributes, usage: AnswerEvent['usage']): void {
  setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, usage?.inputTokens)
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, usage?.outputTokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, usage?.inputTokenDetails?.cacheReadTokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, usage?.inputTokenDetails?.cacheWriteTokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, usage?.outputTokenDetails?.reasoningTokens)
  const raw = usage?.raw as { cache_creation?: { ephemeral_1h_input_tokens?: unknown } | null } | null | undefined
  setPart(attributes, ATTR_AGENTEL_USAGE_CACHE_WRITE_1H_INPUT_TOKENS, raw?.cache_creation?.ephemeral_1h_input_tokens)
}

function readInput([event]: readonly unknown[]): Content {
  const request = (event ?? {}) as ModelCallEvent
  const system = systemParts(request.instructions ?? request.system)
  const tools = toolDefinitions(
    Array.isArray(request.tools) ? request.tools : Object.keys(request.tools ?? {}).map((name) => ({ name })),
  )
  const messages = request.promptMessages ?? request.messages
  return {
    ...(system === undefined ? undefined : { [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: system }),
    // A call can keep its inputs to itself.
    ...(messages === undefined ? undefined : { [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(messages) }),
    ...(tools === undefined ? undefined : { [ATTR_GEN_AI_TOOL_DEFINITIONS]: tools }),
  }
}

function readOutput(event: unknown): Content {
  const { content, objectText, finishReason } = (event ?? {}) as AnswerEvent
  const given = outputParts(content ?? (objectText === undefined ? [] : [{ type: 'text', text: objectText }]))
  // A stream begins its text before there is any, and keeps an empty one.
  const parts = given.filter(({ type, content: text }) => type !== 'text' || text !== '')
  const reason = FINISH_REASONS[String(finishReason)] ?? String(finishReason ?? 'error')
  return { [ATTR_GEN_AI_OUTPUT_MESSAGES]: [{ role: 'assistant', parts, finish_reason: reason }] }
}
