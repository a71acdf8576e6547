import { getChunkGaps } from '@agentel/api'
import type { CostPartsLike, ReadableSpanLike } from '@agentel/processor-kit'
import {
  AGENTEL_COST_CATEGORY_VALUE_AUDIO,
  AGENTEL_COST_CATEGORY_VALUE_CACHE_READ,
  AGENTEL_COST_CATEGORY_VALUE_CACHE_WRITE,
  AGENTEL_COST_CATEGORY_VALUE_IMAGE,
  AGENTEL_COST_CATEGORY_VALUE_INPUT,
  AGENTEL_COST_CATEGORY_VALUE_OUTPUT,
  AGENTEL_COST_CATEGORY_VALUE_REASONING,
  AGENTEL_COST_CATEGORY_VALUE_TOOL,
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_COST_CATEGORY,
  ATTR_AGENTEL_COST_UNPRICED,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST,
  METRIC_AGENTEL_CLIENT_INFERENCE_UNPRICED,
  METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
} from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'
import { costOf, instrumentOf, numberOf, secondsOf } from './measure.ts'
import { record, type Row, type RowStore, type SlotSpec } from './row-store.ts'
import { recordTokens, TOKEN_SLOTS } from './tokens.ts'

const COST_CATEGORIES = [
  AGENTEL_COST_CATEGORY_VALUE_INPUT,
  AGENTEL_COST_CATEGORY_VALUE_OUTPUT,
  AGENTEL_COST_CATEGORY_VALUE_CACHE_READ,
  AGENTEL_COST_CATEGORY_VALUE_CACHE_WRITE,
  AGENTEL_COST_CATEGORY_VALUE_REASONING,
  AGENTEL_COST_CATEGORY_VALUE_AUDIO,
  AGENTEL_COST_CATEGORY_VALUE_IMAGE,
  AGENTEL_COST_CATEGORY_VALUE_TOOL,
]

const DURATION = 0
const FIRST_CHUNK = 1
const OUTPUT_CHUNK = 2
const INPUT_TOKENS = 3
const OUTPUT_TOKENS = 4
const COST = 5
/** A cost whose division is not known, such as one that the provider told. */
const COST_UNDIVIDED = 6
const COST_CATEGORY = 7
const TOKENS = COST_CATEGORY + COST_CATEGORIES.length

const SLOTS: readonly SlotSpec[] = [
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_DURATION },
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK },
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK },
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS },
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS },
  { metric: METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST },
  { metric: METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST },
  ...COST_CATEGORIES.map((category) => ({
    metric: METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST,
    attributes: { [ATTR_AGENTEL_COST_CATEGORY]: category },
  })),
  ...TOKEN_SLOTS,
]

function recordTimes(row: Row, failedRow: Row, span: ReadableSpanLike): void {
  record(failedRow, DURATION, secondsOf(span))
  const firstChunk = numberOf(span.attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK])
  if (firstChunk !== undefined) record(row, FIRST_CHUNK, firstChunk)
  const gaps = getChunkGaps(span)
  if (gaps === undefined) return
  for (let index = 0; index < gaps.length; index++) record(row, OUTPUT_CHUNK, gaps[index]!)
}

function recordCost(row: Row, amount: number, parts: CostPartsLike | undefined): void {
  record(row, COST, amount)
  if (parts === undefined) {
    record(row, COST_UNDIVIDED, amount)
    return
  }
  for (let index = 0; index < COST_CATEGORIES.length; index++) {
    const part = parts[COST_CATEGORIES[index]!]
    if (part !== undefined) record(row, COST_CATEGORY + index, part)
  }
}

/** Counts what the span of a model call tells, with what is known of how its cost divides. */
export type InferenceMeasure = (span: ReadableSpanLike, parts: CostPartsLike | undefined) => void

/** Metrics of model calls: times, tokens by modality, cost by category. */
export function inferenceMeasure(store: RowStore): InferenceMeasure {
  const family = store.family(SLOTS)
  const unpriced = instrumentOf(store, METRIC_AGENTEL_CLIENT_INFERENCE_UNPRICED)
  return (span, parts) => {
    const { attributes } = span
    const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
    if (!isModelCall(operation)) return
    const failed = attributes[ATTR_ERROR_TYPE] !== undefined
    const row = store.row(family, attributes, true)
    const inference = operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
    if (inference) recordTimes(row, failed ? store.row(family, attributes) : row, span)
    recordTokens(row, TOKENS, attributes)
    // A failed call's tokens were used and count, but its size says nothing of what calls are like.
    if (inference && !failed) {
      const input = attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS]
      const output = attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]
      if (typeof input === 'number') record(row, INPUT_TOKENS, input)
      if (typeof output === 'number') record(row, OUTPUT_TOKENS, output)
    }
    const amount = costOf(attributes)
    if (amount !== undefined) recordCost(row, amount, parts)
    // An amount that cannot be a cost leaves the call without one.
    else if (attributes[ATTR_AGENTEL_COST_UNPRICED] === true || attributes[ATTR_AGENTEL_COST_AMOUNT] !== undefined) {
      unpriced(attributes, 1)
    }
  }
}
