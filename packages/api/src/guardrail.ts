import { SpanKind } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_GUARDRAIL_ACTION,
  ATTR_AGENTEL_GUARDRAIL_NAME,
  ATTR_AGENTEL_GUARDRAIL_POLICY_ID,
  ATTR_AGENTEL_GUARDRAIL_RESULT_TYPE,
  ATTR_AGENTEL_GUARDRAIL_RESULT_VALUE,
  ATTR_AGENTEL_GUARDRAIL_RISK_CATEGORY,
  ATTR_AGENTEL_GUARDRAIL_RISK_SCORE,
  ATTR_AGENTEL_GUARDRAIL_SOURCE,
  ATTR_AGENTEL_GUARDRAIL_TRIGGERED,
  EVENT_AGENTEL_GUARDRAIL_RESULT,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { defined } from './defined.ts'
import { SEVERITY, emitEvent } from './log-events.ts'

/** What a guardrail found. */
export interface GuardrailResult {
  /** Whether it found something. */
  readonly triggered?: boolean
  /** What was done about it: `block`, `mask`, … */
  readonly action?: string
  /** Kind and value of the result in the provider's own words. */
  readonly resultType?: string
  readonly resultValue?: string
  readonly riskCategory?: string
  /** 0 to 1 */
  readonly riskScore?: number
}

/** A check of content against a policy. */
export interface GuardrailOptions extends SpanOptions {
  readonly name: string
  /** What it looks at: `input`, `output`, `tool_call`. */
  readonly source?: string
  readonly policyId?: string
  /** Whether a service elsewhere does it: the span's kind is CLIENT. */
  readonly remote?: boolean
}

/** A check under way. */
export interface GuardrailHandle extends Handle {
  /** Says what was found; a later call adds to an earlier one. */
  result(result: GuardrailResult): void
}

const concept = defineConcept<GuardrailOptions, Pick<GuardrailHandle, 'result'>>({
  key: 'name',
  describe: (options) => ({
    name: `apply_guardrail ${options.name}`,
    kind: options.remote === true ? SpanKind.CLIENT : undefined,
    attributes: attributesOf(options),
  }),
  begin(operation, options) {
    let result: GuardrailResult | undefined
    return {
      methods: {
        result(found) {
          result = { ...result, ...found }
          operation.set(resultAttributes(found))
        },
      },
      onEnd() {
        if (result === undefined) return
        const attributes = { ...attributesOf(options), ...resultAttributes(result) }
        emitEvent(EVENT_AGENTEL_GUARDRAIL_RESULT, attributes, { severity: SEVERITY.INFO, context: operation.context })
      },
    }
  },
})

function attributesOf({ name, source, policyId }: GuardrailOptions): Record<string, unknown> {
  return {
    [ATTR_AGENTEL_GUARDRAIL_NAME]: name,
    [ATTR_AGENTEL_GUARDRAIL_SOURCE]: source,
    [ATTR_AGENTEL_GUARDRAIL_POLICY_ID]: policyId,
  }
}

function resultAttributes(result: GuardrailResult): Record<string, unknown> {
  return defined({
    [ATTR_AGENTEL_GUARDRAIL_TRIGGERED]: result.triggered,
    [ATTR_AGENTEL_GUARDRAIL_ACTION]: result.action,
    [ATTR_AGENTEL_GUARDRAIL_RESULT_TYPE]: result.resultType,
    [ATTR_AGENTEL_GUARDRAIL_RESULT_VALUE]: result.resultValue,
    [ATTR_AGENTEL_GUARDRAIL_RISK_CATEGORY]: result.riskCategory,
    [ATTR_AGENTEL_GUARDRAIL_RISK_SCORE]: result.riskScore,
  })
}

/**
 * A guardrail: span `apply_guardrail {name}`, and the event `agentel.guardrail.result` once a result was given.
 *
 * @example
 * await guardrail({ name: 'pii', source: 'output' }, async (check) => {
 *   const found = await scan(text)
 *   check.result({ triggered: found.length > 0, action: found.length > 0 ? 'mask' : 'allow' })
 * })
 */
export const guardrail: Runner<GuardrailOptions, GuardrailHandle> = concept.run
/** Starts a guardrail by hand; see {@link guardrail}. */
export const startGuardrail: Starter<GuardrailOptions, GuardrailHandle> = concept.start
/** Makes every call of a function a guardrail; see {@link guardrail}. */
export const wrapGuardrail: Wrapper<GuardrailOptions> = concept.wrap
