import type { Attributes } from '@opentelemetry/api'
import {
  type Destination,
  type Outcome,
  type RequestFacts,
  setNumber,
  setPart,
  setString,
} from '@agentel/instrumentation-kit'
import {
  ATTR_AGENTEL_USAGE_FILE_SEARCHES,
  ATTR_AGENTEL_USAGE_WEB_SEARCHES,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  OPENAI_API_TYPE_VALUE_RESPONSES,
} from '@agentel/semconv'
import { outputType, setOpenAIRequest, setOpenAIResponse } from './openai-attributes.ts'
import { setUsage, type Usage } from './usage.ts'

/** What we read of the body of `responses.create`. */
interface ResponsesRequest {
  readonly model?: unknown
  readonly stream?: unknown
  readonly max_output_tokens?: unknown
  readonly temperature?: unknown
  readonly top_p?: unknown
  readonly reasoning?: { readonly effort?: unknown } | null
  readonly text?: { readonly format?: { readonly type?: unknown } }
  readonly previous_response_id?: unknown
  readonly conversation?: string | { readonly id?: unknown } | null
  readonly service_tier?: unknown
}

/** What we read of an item of a response's output. */
interface OutputItem {
  readonly type?: unknown
  readonly action?: { readonly type?: unknown } | null
}

/** What we read of a response object. */
export interface ResponsesAnswer {
  readonly id?: unknown
  readonly model?: unknown
  readonly status?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown } | null
  readonly incomplete_details?: { readonly reason?: unknown } | null
  readonly conversation?: { readonly id?: unknown } | null
  readonly output?: readonly OutputItem[]
  readonly usage?: Usage | null
  readonly service_tier?: unknown
}

/** Reads the arguments of `responses.create(body, options)`. */
export function readResponsesRequest(args: readonly unknown[], destination: Destination): RequestFacts {
  const request = (args[0] ?? {}) as ResponsesRequest
  const attributes: Attributes = {}
  setNumber(attributes, ATTR_GEN_AI_REQUEST_MAX_TOKENS, request.max_output_tokens)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, request.temperature)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_P, request.top_p)
  setString(attributes, ATTR_GEN_AI_REQUEST_REASONING_LEVEL, request.reasoning?.effort)
  setString(attributes, ATTR_GEN_AI_OUTPUT_TYPE, outputType(request.text?.format?.type))
  setString(attributes, ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID, request.previous_response_id)
  const { conversation } = request
  setString(attributes, ATTR_GEN_AI_CONVERSATION_ID, typeof conversation === 'object' ? conversation?.id : conversation)
  setOpenAIRequest(attributes, destination, OPENAI_API_TYPE_VALUE_RESPONSES, request.service_tier)
  return {
    model: typeof request.model === 'string' ? request.model : undefined,
    streaming: request.stream === true,
    attributes,
  }
}

/** Reads a response object. */
export function readResponsesResponse(response: unknown, destination: Destination, outcome: Outcome): Attributes {
  const answer = (response ?? {}) as ResponsesAnswer
  const attributes = readResponseIdentity(answer)
  // A reason was due and never came.
  if (outcome === 'failed') attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] ??= ['error']
  setUsage(attributes, answer.usage, destination)
  setSearches(attributes, answer.output)
  setOpenAIResponse(attributes, destination, answer.service_tier)
  return attributes
}

/** Searches that OpenAI ran: they are billed apart from tokens. Opening a page that was found is not. */
function setSearches(attributes: Attributes, output: readonly OutputItem[] | undefined): void {
  if (!Array.isArray(output)) return
  let web = 0
  let file = 0
  for (let index = 0; index < output.length; index++) {
    const { type, action } = output[index] as OutputItem
    if (type === 'file_search_call') file++
    else if (type === 'web_search_call' && (action?.type ?? 'search') === 'search') web++
  }
  setPart(attributes, ATTR_AGENTEL_USAGE_WEB_SEARCHES, web)
  setPart(attributes, ATTR_AGENTEL_USAGE_FILE_SEARCHES, file)
}

/** What holds for a response however it was come by: id, model, conversation, why it ended. */
export function readResponseIdentity(answer: ResponsesAnswer): Attributes {
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, answer.id)
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.model)
  setString(attributes, ATTR_GEN_AI_CONVERSATION_ID, answer.conversation?.id)
  const reason = finishReason(answer)
  if (reason !== undefined) attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = [reason]
  return attributes
}

/** `undefined` while the response is still being made (background mode). */
function finishReason({ status, incomplete_details: details, output }: ResponsesAnswer): string | undefined {
  switch (status) {
    case 'completed':
      return output?.some(({ type }) => type === 'function_call' || type === 'custom_tool_call') ? 'tool_call' : 'stop'
    case 'incomplete':
      return details?.reason === 'max_output_tokens' ? 'length' : String(details?.reason ?? 'error')
    case 'failed':
    case 'cancelled':
      return 'error'
    default:
      return undefined
  }
}

/** A response that failed comes with HTTP status 200; the error is in its body. */
export function readResponsesFailure(response: unknown): { type: string; message: string } | undefined {
  const { status, error } = (response ?? {}) as ResponsesAnswer
  if (status === 'cancelled') return { type: 'cancelled', message: 'The response was cancelled.' }
  if (status !== 'failed') return undefined
  const type = typeof error?.code === 'string' ? error.code : '_OTHER'
  return { type, message: typeof error?.message === 'string' ? error.message : 'The response failed.' }
}
