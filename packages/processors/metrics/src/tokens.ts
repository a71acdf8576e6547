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

interface Direction {
  readonly metric: string
  readonly total: readonly string[]
  /** Attributes of text, image and audio, where the conventions have them. */
  readonly modalities: readonly string[]
}

const INPUT: Direction = {
  metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  total: [ATTR_GEN_AI_USAGE_INPUT_TOKENS],
  modalities: [
    ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ],
}
const OUTPUT: Direction = {
  metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  total: [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS],
  modalities: [
    ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
    ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
    ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ],
}
const DIRECTIONS: readonly Direction[] = [
  INPUT,
  OUTPUT,
  {
    metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    total: [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
    modalities: [
      ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
      ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
      ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
    ],
  },
  {
    metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    total: [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS],
    modalities: [],
  },
  {
    metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    total: [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS],
    modalities: [],
  },
]

const MODALITIES = [
  GEN_AI_TOKEN_MODALITY_VALUE_TEXT,
  GEN_AI_TOKEN_MODALITY_VALUE_IMAGE,
  GEN_AI_TOKEN_MODALITY_VALUE_AUDIO,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
]

/** Four slots for each direction: text, image, audio, and what the provider did not divide. */
export const TOKEN_SLOTS: readonly SlotSpec[] = DIRECTIONS.flatMap(({ metric }) =>
  MODALITIES.map((modality) => ({ metric, attributes: { [ATTR_GEN_AI_TOKEN_MODALITY]: modality } })),
)

/** Fills `into` with what the span of a call says; the modalities of a direction always add up to its total. */
export function readTokens(attributes: Readonly<Attributes>, into: Tokens): void {
  const { counts } = into
  for (let direction = 0; direction < DIRECTIONS.length; direction++) {
    const { total, modalities } = DIRECTIONS[direction]!
    const first = direction * MODALITIES.length
    let all = numberOf(attributes[total[0]!])
    if (all === undefined && total.length > 1) all = numberOf(attributes[total[1]!])
    let rest = all ?? 0
    for (let index = 0; index < 3; index++) {
      const key = modalities[index]
      const count = rest > 0 && key !== undefined ? Math.min(rest, numberOf(attributes[key]) ?? 0) : 0
      counts[first + index] = count
      rest -= count
    }
    counts[first + 3] = rest
    if (direction === 0) into.input = all
    else if (direction === 1) into.output = all
  }
}
