import { type SpanContext, context as contextApi, diag, trace } from '@opentelemetry/api'
import {
  AGENTEL_EVALUATOR_TYPE_VALUE_HUMAN,
  ATTR_AGENTEL_EVALUATOR_TYPE,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_RESPONSE_ID,
  EVENT_AGENTEL_FEEDBACK_LOW_RATING,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '@agentel/semconv'
import { SEVERITY, emitEvent } from './log-events.ts'
import { eventContent } from './record-content.ts'

/** What a user thinks of an answer. */
export interface Feedback {
  /** 1 (bad) to 5 (good) */
  readonly rating: number
  /** Content. */
  readonly comment?: string
  /** Which interaction is meant: its span, as `operation.span.spanContext()` gave it; the active one by default. */
  readonly span?: SpanContext
  /** Which answer is meant, by the provider's id. */
  readonly responseId?: string
  /** `human` by default. */
  readonly evaluator?: 'human' | 'model' | 'rule'
}

/** A rating of this or less is a low one. */
const LOW_RATING = 2

/**
 * Records feedback: event `gen_ai.evaluation.result` named `user_feedback`, and `agentel.feedback.low_rating` (WARN)
 * for 2 or less. A rating outside 1 to 5 is not recorded, and `diag` says so.
 *
 * @example
 * recordFeedback({ rating: 4, comment: 'helpful', span: answer.span.spanContext() })
 */
export function recordFeedback(feedback: Feedback): void {
  const { rating, span, responseId, comment, evaluator = AGENTEL_EVALUATOR_TYPE_VALUE_HUMAN } = feedback
  if (typeof rating !== 'number' || !(rating >= 1 && rating <= 5)) {
    diag.warn(
      `agentel: recordFeedback got the rating ${String(rating)}; it must be a number from 1 to 5 and is not recorded`,
    )
    return
  }
  const active = contextApi.active()
  const context = span === undefined ? active : trace.setSpanContext(active, span)
  const attributes = {
    [ATTR_GEN_AI_EVALUATION_SCORE_VALUE]: rating,
    [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: labelOf(rating),
    [ATTR_GEN_AI_RESPONSE_ID]: responseId,
    ...eventContent(ATTR_GEN_AI_EVALUATION_EXPLANATION, comment),
  }
  emitEvent(
    EVENT_GEN_AI_EVALUATION_RESULT,
    { [ATTR_GEN_AI_EVALUATION_NAME]: 'user_feedback', [ATTR_AGENTEL_EVALUATOR_TYPE]: evaluator, ...attributes },
    { context },
  )
  if (rating <= LOW_RATING)
    emitEvent(EVENT_AGENTEL_FEEDBACK_LOW_RATING, attributes, { context, severity: SEVERITY.WARN })
}

function labelOf(rating: number): string {
  return rating <= LOW_RATING ? 'negative' : rating < 4 ? 'neutral' : 'positive'
}
