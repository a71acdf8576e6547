import { type Context, type SpanContext, context as contextApi, diag, trace } from '@opentelemetry/api'
import {
  AGENTEL_EVALUATOR_TYPE_VALUE_HUMAN,
  ATTR_AGENTEL_EVALUATOR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_RESPONSE_ID,
  EVENT_AGENTEL_FEEDBACK_LOW_RATING,
  EVENT_GEN_AI_EVALUATION_RESULT,
  METRIC_AGENTEL_FEEDBACK_RATING,
} from '@agentel/semconv'
import { type Carrier, extractContext } from './carrier.ts'
import { guard } from './guard.ts'
import { getAgentName, setAgentName } from './identity.ts'
import { SEVERITY, emitEvent } from './log-events.ts'
import { eventContent } from './record-content.ts'
import { recordMetric } from './record-metric.ts'

/** What a user thinks of an answer. */
export interface Feedback {
  /** 1 (bad) to 5 (good) */
  readonly rating: number
  /** Content. */
  readonly comment?: string
  /** Which interaction is meant: its span, as `operation.span.spanContext()` gave it; the active one by default. */
  readonly span?: SpanContext
  /**
   * The same from another process, or long after: what `injectContext({})` gave when the answer was made, kept with the
   * answer. It also knows whose it was. `span` wins over it.
   */
  readonly carrier?: Readonly<Carrier>
  /** Which answer is meant, by the provider's id; by it alone the console finds the run, too. */
  readonly responseId?: string
  /** Who gave the answer; the agent of the context by default. */
  readonly agent?: string
  /** `human` by default. */
  readonly evaluator?: 'human' | 'model' | 'rule'
}

/** A rating of this or less is a low one. */
const LOW_RATING = 2

/** As the registry has it. */
const RATINGS = {
  name: METRIC_AGENTEL_FEEDBACK_RATING,
  kind: 'distribution',
  unit: '1',
  boundaries: [1, 2, 3, 4, 5],
} as const

/**
 * Records feedback: event `gen_ai.evaluation.result` named `user_feedback`, `agentel.feedback.low_rating` (WARN) for 2 or
 * less, and the rating in the metric `agentel.feedback.rating`. A rating outside 1 to 5 is not recorded, and `diag` says so.
 *
 * @example
 * recordFeedback({ rating: 4, comment: 'helpful', span: answer.span.spanContext() })
 * @example
 * await save({ answer, rated: injectContext({}) }) // within the agent's run
 * recordFeedback({ rating: 1, carrier: saved.rated, agent: 'helper' }) // another day, in another process
 */
export function recordFeedback(feedback: Feedback): void {
  const { rating, responseId, comment, evaluator = AGENTEL_EVALUATOR_TYPE_VALUE_HUMAN } = feedback
  if (typeof rating !== 'number' || !(rating >= 1 && rating <= 5)) {
    diag.warn(
      `agentel: recordFeedback got the rating ${String(rating)}; it must be a number from 1 to 5 and is not recorded`,
    )
    return
  }
  const context = contextOf(feedback)
  const label = labelOf(rating)
  const attributes = {
    [ATTR_GEN_AI_EVALUATION_SCORE_VALUE]: rating,
    [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: label,
    [ATTR_GEN_AI_RESPONSE_ID]: responseId,
    ...eventContent(ATTR_GEN_AI_EVALUATION_EXPLANATION, comment, context),
  }
  emitEvent(
    EVENT_GEN_AI_EVALUATION_RESULT,
    { [ATTR_GEN_AI_EVALUATION_NAME]: 'user_feedback', [ATTR_AGENTEL_EVALUATOR_TYPE]: evaluator, ...attributes },
    { context },
  )
  if (rating <= LOW_RATING)
    emitEvent(EVENT_AGENTEL_FEEDBACK_LOW_RATING, attributes, { context, severity: SEVERITY.WARN })
  const agent = getAgentName(context)
  const tags = agent === undefined ? {} : { [ATTR_GEN_AI_AGENT_NAME]: agent }
  guard('api.feedback', () => recordMetric(RATINGS, rating, { ...tags, [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: label }))
}

/** The context of the interaction that is rated. */
function contextOf({ span, carrier, agent }: Feedback): Context {
  const active = contextApi.active()
  // What was kept with an answer may be the null of a database.
  const context = carrier ? extractContext(carrier, { context: active }) : active
  const rated = span ? trace.setSpanContext(context, span) : context
  return agent === undefined ? rated : setAgentName(rated, agent)
}

function labelOf(rating: number): string {
  return rating <= LOW_RATING ? 'negative' : rating < 4 ? 'neutral' : 'positive'
}
