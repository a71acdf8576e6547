import type { Attributes } from '@opentelemetry/api'
import { setNumber, setPart } from '@agentel/instrumentation-kit'
import {
  ATTR_AGENTEL_USAGE_WEB_SEARCHES,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'

/** Usage as Anthropic reports it: the cached tokens are beside the input's, not among them. */
export interface Usage {
  readonly input_tokens?: unknown
  readonly output_tokens?: unknown
  readonly cache_read_input_tokens?: unknown
  readonly cache_creation_input_tokens?: unknown
  readonly output_tokens_details?: { readonly thinking_tokens?: unknown } | null
  readonly server_tool_use?: { readonly web_search_requests?: unknown } | null
}

/** The totals in our sense: input includes what was read from the cache and written into it. */
export function setUsage(attributes: Attributes, usage: Usage | null | undefined): void {
  if (usage === null || usage === undefined) return
  const { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage
  if (typeof input === 'number') {
    attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] = input + countOf(read) + countOf(written)
  }
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, usage.output_tokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, read)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, written)
  setPart(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, usage.output_tokens_details?.thinking_tokens)
  setPart(attributes, ATTR_AGENTEL_USAGE_WEB_SEARCHES, usage.server_tool_use?.web_search_requests)
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
