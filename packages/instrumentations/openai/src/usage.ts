import type { Attributes } from '@opentelemetry/api'
import { type Destination, setNumber, setPart } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
} from '@agentel/semconv'
import { setToldCost, type ToldCost } from './told-cost.ts'

/** Parts of a token count, as either API names them. */
interface TokenDetails {
  readonly cached_tokens?: unknown
  readonly cache_write_tokens?: unknown
  readonly reasoning_tokens?: unknown
  readonly text_tokens?: unknown
  readonly audio_tokens?: unknown
  readonly image_tokens?: unknown
}

/** Usage of chat completions and embeddings (`prompt_`, `completion_`) and of responses (`input_`, `output_`). */
export interface Usage extends ToldCost {
  readonly prompt_tokens?: unknown
  readonly completion_tokens?: unknown
  readonly input_tokens?: unknown
  readonly output_tokens?: unknown
  readonly total_tokens?: unknown
  /** As Moonshot names what came from the cache. */
  readonly cached_tokens?: unknown
  readonly prompt_tokens_details?: TokenDetails | null
  readonly completion_tokens_details?: TokenDetails | null
  readonly input_tokens_details?: TokenDetails | null
  readonly output_tokens_details?: TokenDetails | null
}

/** The totals as OpenAI reports them: input includes what came from the cache, output includes reasoning. */
export function setUsage(attributes: Attributes, usage: Usage | null | undefined, { provider }: Destination): void {
  if (usage === null || usage === undefined) return
  setToldCost(attributes, provider, usage)
  setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, usage.input_tokens ?? usage.prompt_tokens)
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, outputTokens(usage))
  const input = usage.input_tokens_details ?? usage.prompt_tokens_details
  if (input) {
    setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, input.cached_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, input.cache_write_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS, input.text_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS, input.audio_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS, input.image_tokens)
  } else setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, usage.cached_tokens)
  const output = usage.output_tokens_details ?? usage.completion_tokens_details
  if (output) {
    setPart(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, output.reasoning_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS, output.text_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, output.audio_tokens)
    setPart(attributes, ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS, output.image_tokens)
  }
}

/** All output. Some hosts (xAI) count the reasoning beside the completion; their total tells. */
function outputTokens(usage: Usage): unknown {
  const output = usage.output_tokens ?? usage.completion_tokens
  const input = usage.input_tokens ?? usage.prompt_tokens
  const reasoning = (usage.output_tokens_details ?? usage.completion_tokens_details)?.reasoning_tokens
  if (typeof output !== 'number' || typeof input !== 'number' || typeof reasoning !== 'number') return output
  return reasoning > 0 && usage.total_tokens === input + output + reasoning ? output + reasoning : output
}
