import type { Attributes } from '@opentelemetry/api'
import {
  type Destination,
  type Outcome,
  type RequestFacts,
  setNumber,
  setString,
  setStrings,
} from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  GEN_AI_OUTPUT_TYPE_VALUE_JSON,
} from '@agentel/semconv'
import { setUsage, type Usage } from './usage.ts'

/** What we read of the body of `messages.create`. */
interface MessagesRequest {
  readonly model?: unknown
  readonly stream?: unknown
  readonly max_tokens?: unknown
  readonly temperature?: unknown
  readonly top_p?: unknown
  readonly top_k?: unknown
  readonly stop_sequences?: unknown
  readonly output_config?: { readonly effort?: unknown; readonly format?: { readonly type?: unknown } | null } | null
  readonly output_format?: { readonly type?: unknown } | null
}

/** What we read of a message, whole or put together from events. */
export interface MessageAnswer {
  id?: unknown
  model?: unknown
  stop_reason?: unknown
  usage?: Usage | null
  /** Put together from a stream only when content is captured. */
  content?: AnswerBlock[]
}

/** A block of an answer. */
export interface AnswerBlock {
  type?: string
  text?: string
  thinking?: string
  input?: unknown
  /** A tool call's arguments so far, as text, while they are streamed. */
  partial?: string
  readonly [key: string]: unknown
}

/** Reads the arguments of `messages.create(params, options)`. */
export function readMessagesRequest(args: readonly unknown[]): RequestFacts {
  const request = (args[0] ?? {}) as MessagesRequest
  const attributes: Attributes = {}
  setNumber(attributes, ATTR_GEN_AI_REQUEST_MAX_TOKENS, request.max_tokens)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, request.temperature)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_P, request.top_p)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_K, request.top_k)
  setStrings(attributes, ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, request.stop_sequences)
  setString(attributes, ATTR_GEN_AI_REQUEST_REASONING_LEVEL, request.output_config?.effort)
  const format = request.output_config?.format ?? request.output_format
  if (format?.type === 'json_schema') attributes[ATTR_GEN_AI_OUTPUT_TYPE] = GEN_AI_OUTPUT_TYPE_VALUE_JSON
  return {
    model: typeof request.model === 'string' ? request.model : undefined,
    streaming: request.stream === true,
    attributes,
  }
}

/** Reads a message, whole or put together from events. */
export function readMessagesResponse(response: unknown, _destination: Destination, outcome: Outcome): Attributes {
  const answer = (response ?? {}) as MessageAnswer
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, answer.id)
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.model)
  const reason = finishReason(answer.stop_reason, outcome)
  if (reason !== undefined) attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = [reason]
  setUsage(attributes, answer.usage)
  return attributes
}

/** Our words for Anthropic's reasons; others (`pause_turn`, …) pass through. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  refusal: 'content_filter',
}

/** A reason that was due and never came is `error`; where the caller went away before, none was due. */
function finishReason(reason: unknown, outcome: Outcome): string | undefined {
  if (typeof reason === 'string') return FINISH_REASONS[reason] ?? reason
  return outcome === 'left' ? undefined : 'error'
}
