import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_OPERATION_NAME, GEN_AI_OPERATION_NAME_VALUE_PLAN } from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { getAgentName } from './identity.ts'

/** A phase in which an agent makes its plan; the model call that makes it is inside. */
export interface PlanOptions extends SpanOptions {
  /** The agent that plans; the one at work by default. */
  readonly agent?: string
}

const concept = defineConcept<PlanOptions>({
  key: 'agent',
  named: false,
  describe({ agent }, parent) {
    const name = agent ?? getAgentName(parent)
    return {
      name: name === undefined ? 'plan' : `plan ${name}`,
      attributes: { [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_PLAN, [ATTR_GEN_AI_AGENT_NAME]: name },
    }
  },
})

/**
 * Planning: span `plan {agent}`. What follows the plan is beside it, not inside.
 *
 * @example
 * const steps = await plan({}, () => model.plan(goal))
 */
export const plan: Runner<PlanOptions, Handle> = concept.run
/** Starts planning by hand; see {@link plan}. */
export const startPlan: Starter<PlanOptions, Handle> = concept.start
/** Makes every call of a function planning; see {@link plan}. */
export const wrapPlan: Wrapper<PlanOptions> = concept.wrap
