import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_TOKEN_MODALITY,
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
  ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
  GEN_AI_TOKEN_MODALITY_VALUE_AUDIO,
  GEN_AI_TOKEN_MODALITY_VALUE_IMAGE,
  GEN_AI_TOKEN_MODALITY_VALUE_TEXT,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'
import { numberOf } from './measure.ts'
import type { SlotSpec } from './row-store.ts'

/** The token counts of one call: `counts` in the order of {@link TOKEN_SLOTS}; made once and filled again for each. */
export interface Tokens {
  readonly counts: number[]
  input: number | undefined
  output: number | undefined
}

const MODALITIES = [
  GEN_AI_TOKEN_MODALITY_VALUE_TEXT,
  GEN_AI_TOKEN_MODALITY_VALUE_IMAGE,
  GEN_AI_TOKEN_MODALITY_VALUE_AUDIO,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
]

const METRICS = [
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
]

/** Four slots for each metric: text, image, audio, and what the provider did not divide. */
export const TOKEN_SLOTS: readonly SlotSpec[] = METRICS.flatMap((metric) =>
  MODALITIES.map((modality) => ({ metric, attributes: { [ATTR_GEN_AI_TOKEN_MODALITY]: modality } })),
)

/** Writes a total divided by modality into the four places of its metric; what exceeds the total is left out. */
function divide(
  counts: number[],
  metric: number,
  total: number | undefined,
  text: unknown,
  image: unknown,
  audio: unknown,
): void {
  const first = metric * MODALITIES.length
  let rest = total ?? 0
  counts[first] = Math.min(rest, numberOf(text) ?? 0)
  rest -= counts[first]
  counts[first + 1] = Math.min(rest, numberOf(image) ?? 0)
  rest -= counts[first + 1]!
  counts[first + 2] = Math.min(rest, numberOf(audio) ?? 0)
  counts[first + 3] = rest - counts[first + 2]!
}

/**
 * Fills `into` with what the span of a call says; the modalities of a metric always add up to its total.
 * Written out key by key: reads by a key that is constant where it is read take a fraction of the time.
 */
export function readTokens(attributes: Readonly<Attributes>, into: Tokens): void {
  const { counts } = into
  into.input = numberOf(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS])
  into.output = numberOf(attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS])
  divide(
    counts,
    0,
    into.input,
    attributes[ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS],
  )
  divide(
    counts,
    1,
    into.output,
    attributes[ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS],
  )
  divide(
    counts,
    2,
    numberOf(attributes[ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]),
    attributes[ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS],
  )
  const written =
    attributes[ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS] ?? attributes[ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]
  divide(counts, 3, numberOf(written), undefined, undefined, undefined)
  divide(counts, 4, numberOf(attributes[ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]), undefined, undefined, undefined)
}
