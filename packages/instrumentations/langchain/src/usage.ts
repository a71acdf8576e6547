import type { Attributes } from '@opentelemetry/api'
import { setNumber, setPart } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'

/** What we read of a message of LangChain. */
export interface Message {
  readonly id?: unknown
  readonly content?: unknown
  readonly name?: unknown
  readonly role?: unknown
  readonly tool_call_id?: unknown
  readonly tool_calls?: readonly { readonly id?: unknown; readonly name?: unknown; readonly args?: unknown }[]
  readonly usage_metadata?: MessageUsage
  readonly response_metadata?: Readonly<Record<string, unknown>>
  readonly _getType?: () => string
}

/** LangChain's own count of an answer: all input, what came from caches included. */
export interface MessageUsage {
  readonly input_tokens?: unknown
  readonly output_tokens?: unknown
  readonly input_token_details?: { readonly [part in 'cache_read' | 'cache_creation' | 'audio']?: unknown }
  readonly output_token_details?: { readonly [part in 'reasoning' | 'audio']?: unknown }
}

/** The older one, of models that continue texts too. */
export interface TokenUsage {
  readonly promptTokens?: unknown
  readonly completionTokens?: unknown
}

/** Sets the tokens of a call. All choices of one answer tell the same total. */
export function setUsage(
  attributes: Attributes,
  [usage]: readonly (MessageUsage | undefined)[],
  older: TokenUsage | undefined,
): void {
  setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, usage?.input_tokens ?? older?.promptTokens)
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, usage?.output_tokens ?? older?.completionTokens)
  const input = usage?.input_token_details
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, input?.cache_read)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, input?.cache_creation)
  setPart(attributes, ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS, input?.audio)
  const output = usage?.output_token_details
  setPart(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, output?.reasoning)
  setPart(attributes, ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, output?.audio)
}
