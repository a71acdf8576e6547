import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  ATTR_AGENTEL_USAGE_FILE_SEARCHES,
  ATTR_AGENTEL_USAGE_WEB_SEARCHES,
  ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'
import type { Usage } from '@agentel/prices'

function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The usage that a span reports, or undefined when it reports no tokens at all. */
export function usageOf(attributes: Readonly<Attributes>): Usage | undefined {
  const inputTokens = count(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS])
  const outputTokens = count(attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS])
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  return {
    inputTokens,
    outputTokens,
    cacheReadInputTokens: count(attributes[ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]),
    // The name that SDKs of the conventions 1.37 to 1.41 still write.
    cacheWriteInputTokens: count(
      attributes[ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS] ??
        attributes[ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS],
    ),
    cacheWrite1hInputTokens: count(attributes[ATTR_AGENTEL_USAGE_CACHE_WRITE_1H_INPUT_TOKENS]),
    audioInputTokens: count(attributes[ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS]),
    imageInputTokens: count(attributes[ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS]),
    audioCacheReadInputTokens: count(attributes[ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS]),
    imageCacheReadInputTokens: count(attributes[ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS]),
    reasoningOutputTokens: count(attributes[ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]),
    audioOutputTokens: count(attributes[ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS]),
    webSearches: count(attributes[ATTR_AGENTEL_USAGE_WEB_SEARCHES]),
    fileSearches: count(attributes[ATTR_AGENTEL_USAGE_FILE_SEARCHES]),
    imageOutputTokens: count(attributes[ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS]),
  }
}
