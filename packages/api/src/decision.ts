import { type Context, context as contextApi } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OPTION_COUNT,
  ATTR_AGENTEL_DECISION_OPTIONS,
  ATTR_AGENTEL_DECISION_OUTCOME,
  ATTR_AGENTEL_DECISION_REASON,
  ATTR_AGENTEL_DURATION,
  ATTR_ERROR_TYPE,
  EVENT_AGENTEL_DECISION,
} from '@agentel/semconv'
import { capturesOnEvents } from './content-capture.ts'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { defined } from './defined.ts'
import { SEVERITY, emitEvent } from './log-events.ts'
import { eventContent, setText } from './record-content.ts'

/** What was decided. */
export interface DecisionOutcome {
  /** The option that was chosen. */
  readonly outcome?: string
  /** 0 to 1 */
  readonly confidence?: number
  readonly optionCount?: number
  /** Content; gives `optionCount` too. */
  readonly options?: readonly string[]
  /** Content. */
  readonly reason?: string
}

/** A choice that an agent makes. */
export interface DecisionOptions extends SpanOptions, DecisionOutcome {
  /** Low-cardinality name: `choose_source`. */
  readonly name: string
}

/** A decision under way. */
export interface DecisionHandle extends Handle {
  /** Says what was decided; a later call adds to an earlier one. */
  decide(decided: DecisionOutcome): void
}

const concept = defineConcept<DecisionOptions, Pick<DecisionHandle, 'decide'>>({
  key: 'name',
  describe: (options) => ({
    name: `decide ${options.name}`,
    attributes: { [ATTR_AGENTEL_DECISION_NAME]: options.name, ...outcomeAttributes(options) },
  }),
  begin(operation, options) {
    let decided: DecisionOptions = options
    const record = (outcome: DecisionOutcome): void => {
      setText(operation, ATTR_AGENTEL_DECISION_OPTIONS, outcome.options)
      setText(operation, ATTR_AGENTEL_DECISION_REASON, outcome.reason)
    }
    record(options)
    return {
      methods: {
        decide(outcome) {
          decided = { ...decided, ...outcome }
          operation.set(outcomeAttributes(outcome))
          record(outcome)
        },
      },
      onEnd: ({ seconds, failure }) => emitDecision(decided, operation.context, { seconds, errorType: failure?.type }),
    }
  },
})

/** Records a decision that took no time to speak of: the event `agentel.decision` alone. */
export function recordDecision(decision: DecisionOptions): void {
  emitDecision(decision, decision.parent ?? contextApi.active(), {})
}

function emitDecision(
  decision: DecisionOptions,
  context: Context,
  { seconds, errorType }: { seconds?: number; errorType?: string | undefined },
): void {
  const { name, options, reason, attributes } = decision
  emitEvent(
    EVENT_AGENTEL_DECISION,
    {
      [ATTR_AGENTEL_DECISION_NAME]: name,
      ...outcomeAttributes(decision),
      [ATTR_AGENTEL_DURATION]: seconds,
      [ATTR_ERROR_TYPE]: errorType,
      [ATTR_AGENTEL_DECISION_OPTIONS]: capturesOnEvents(context) ? options : undefined,
      ...eventContent(ATTR_AGENTEL_DECISION_REASON, reason, context),
      ...attributes,
    },
    { severity: SEVERITY.INFO, context },
  )
}

function outcomeAttributes({ outcome, confidence, optionCount, options }: DecisionOutcome): Record<string, unknown> {
  return defined({
    [ATTR_AGENTEL_DECISION_OUTCOME]: outcome,
    [ATTR_AGENTEL_DECISION_CONFIDENCE]: confidence,
    [ATTR_AGENTEL_DECISION_OPTION_COUNT]: optionCount ?? options?.length,
  })
}

/**
 * A decision that takes time: span `decide {name}` and the event `agentel.decision` at its end.
 *
 * @example
 * const source = await decision('choose_source', async (choice) => {
 *   const best = await rank(sources)
 *   choice.decide({ outcome: best.name, confidence: best.score, options: sources.map(({ name }) => name) })
 *   return best
 * })
 */
export const decision: Runner<DecisionOptions, DecisionHandle> = concept.run
/** Starts a decision by hand; see {@link decision}. */
export const startDecision: Starter<DecisionOptions, DecisionHandle> = concept.start
/** Makes every call of a function a decision; see {@link decision}. */
export const wrapDecision: Wrapper<DecisionOptions> = concept.wrap
