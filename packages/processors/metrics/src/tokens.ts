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
import { record, type Row, type SlotSpec } from './row-store.ts'

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

/** Counts one part of a total; what exceeds the total is left out. @returns what was counted */
function addPart(row: Row, slot: number, most: number, tokens: unknown): number {
  // Less than nothing, or no number, must not change what is left of the total.
  if (typeof tokens !== 'number' || !(tokens > 0)) return 0
  const part = Math.min(most, tokens)
  record(row, slot, part)
  return part
}

/** Counts a total divided by modality in the four slots of its metric. */
function divide(row: Row, slot: number, total: unknown, text: unknown, image: unknown, audio: unknown): void {
  if (typeof total !== 'number') return
  let rest = total
  rest -= addPart(row, slot, rest, text)
  rest -= addPart(row, slot + 1, rest, image)
  rest -= addPart(row, slot + 2, rest, audio)
  if (rest > 0) record(row, slot + 3, rest)
}

/**
 * Counts the tokens that the span of a call tells; the modalities of a metric always add up to its total.
 * Written out key by key: reads by a key that is constant where it is read take a fraction of the time.
 *
 * @param first the slot of a row where {@link TOKEN_SLOTS} begin
 */
export function recordTokens(row: Row, first: number, attributes: Readonly<Attributes>): void {
  const each = MODALITIES.length
  divide(
    row,
    first,
    attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS],
  )
  divide(
    row,
    first + each,
    attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS],
    attributes[ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS],
  )
  const cached = attributes[ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]
  if (cached !== undefined)
    divide(
      row,
      first + 2 * each,
      cached,
      attributes[ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS],
      attributes[ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS],
      attributes[ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS],
    )
  const written =
    attributes[ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS] ?? attributes[ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]
  divide(row, first + 3 * each, written, undefined, undefined, undefined)
  const reasoning = attributes[ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]
  divide(row, first + 4 * each, reasoning, undefined, undefined, undefined)
}
