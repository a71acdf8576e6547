import { type Attributes, SpanKind } from '@opentelemetry/api'
import {
  AGENTEL_ERROR_CATEGORY_VALUE_API,
  AGENTEL_ERROR_CATEGORY_VALUE_OTHER,
  AGENTEL_ERROR_CATEGORY_VALUE_RATE_LIMIT,
  AGENTEL_ERROR_CATEGORY_VALUE_TIMEOUT,
  AGENTEL_ERROR_CATEGORY_VALUE_TOOL,
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_AGENTEL_RETRY_ATTEMPT,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  METRIC_AGENTEL_ERRORS,
  METRIC_AGENTEL_RETRIES,
} from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'
import type { ReadableSpanLike } from '@agentel/processor-kit'
import { instrumentOf, type Measure, numberOf } from './measure.ts'
import type { RowStore } from './row-store.ts'

/** The category of a failure on a span of others, who do not say it. */
function categoryOf({ attributes, kind }: ReadableSpanLike): string {
  const type = attributes[ATTR_ERROR_TYPE]
  if (type === undefined) return AGENTEL_ERROR_CATEGORY_VALUE_OTHER
  if (type === 'timeout') return AGENTEL_ERROR_CATEGORY_VALUE_TIMEOUT
  if (type === '429') return AGENTEL_ERROR_CATEGORY_VALUE_RATE_LIMIT
  if (attributes[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)
    return AGENTEL_ERROR_CATEGORY_VALUE_TOOL
  return kind === SpanKind.CLIENT ? AGENTEL_ERROR_CATEGORY_VALUE_API : AGENTEL_ERROR_CATEGORY_VALUE_OTHER
}

/** Errors and retries of operations. */
export function failureMeasure(store: RowStore): Measure {
  const errors = instrumentOf(store, METRIC_AGENTEL_ERRORS)
  const retries = instrumentOf(store, METRIC_AGENTEL_RETRIES)
  return (span) => {
    const { attributes } = span
    const attempt = numberOf(attributes[ATTR_AGENTEL_RETRY_ATTEMPT]) ?? 0
    const failed = attributes[ATTR_ERROR_TYPE] !== undefined
    if (!failed && attempt === 0) return
    const described: Attributes =
      attributes[ATTR_AGENTEL_ERROR_CATEGORY] === undefined
        ? { ...attributes, [ATTR_AGENTEL_ERROR_CATEGORY]: categoryOf(span) }
        : attributes
    if (failed) errors(described, 1)
    // The span of a model call holds all its attempts; elsewhere each attempt has a span of its own.
    if (attempt > 0) retries(described, isModelCall(attributes[ATTR_GEN_AI_OPERATION_NAME]) ? attempt : 1)
  }
}
