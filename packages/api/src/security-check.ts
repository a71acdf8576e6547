import {
  AGENTEL_SECURITY_CHECK_RESULT_VALUE_FAILED,
  AGENTEL_SECURITY_CHECK_RESULT_VALUE_PASSED,
  ATTR_AGENTEL_SECURITY_CHECK_NAME,
  ATTR_AGENTEL_SECURITY_CHECK_RESULT,
  ATTR_AGENTEL_SECURITY_VALIDATION_RESULT,
  ATTR_AGENTEL_SECURITY_VALIDATION_RULE,
  EVENT_AGENTEL_SECURITY_VALIDATION,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { SEVERITY, emitEvent } from './log-events.ts'

/** A check of what an agent is about to do against rules of security. */
export interface SecurityCheckOptions extends SpanOptions {
  /** `url_allow_list` */
  readonly name: string
}

/** A check under way. */
export interface SecurityCheckHandle extends Handle {
  /** The outcome of one rule. One that is broken makes the whole check failed. */
  validation(rule: string, passed: boolean): void
}

const concept = defineConcept<SecurityCheckOptions, Pick<SecurityCheckHandle, 'validation'>>({
  key: 'name',
  describe: ({ name }) => ({
    name: `security_check ${name}`,
    attributes: { [ATTR_AGENTEL_SECURITY_CHECK_NAME]: name },
  }),
  begin(operation, { name }) {
    let allPassed = true
    return {
      methods: {
        validation(rule, passed) {
          allPassed &&= passed
          emitEvent(
            EVENT_AGENTEL_SECURITY_VALIDATION,
            {
              [ATTR_AGENTEL_SECURITY_CHECK_NAME]: name,
              [ATTR_AGENTEL_SECURITY_VALIDATION_RULE]: rule,
              [ATTR_AGENTEL_SECURITY_VALIDATION_RESULT]: resultOf(passed),
            },
            { severity: SEVERITY.INFO, context: operation.context },
          )
        },
      },
      onEnd({ failure }) {
        // A check that broke off has passed nothing; whether it found something is known only if a rule said so.
        if (failure === undefined || !allPassed)
          operation.set({ [ATTR_AGENTEL_SECURITY_CHECK_RESULT]: resultOf(allPassed) })
      },
    }
  },
})

function resultOf(passed: boolean): string {
  return passed ? AGENTEL_SECURITY_CHECK_RESULT_VALUE_PASSED : AGENTEL_SECURITY_CHECK_RESULT_VALUE_FAILED
}

/**
 * A security check: span `security_check {name}` with its result, and an event `agentel.security.validation` per rule.
 *
 * @example
 * const isSafe = securityCheck('url_allow_list', (check) => {
 *   const isSafe = hosts.has(url.host)
 *   check.validation('known_host', isSafe)
 *   return isSafe
 * })
 */
export const securityCheck: Runner<SecurityCheckOptions, SecurityCheckHandle> = concept.run
/** Starts a check by hand; see {@link securityCheck}. */
export const startSecurityCheck: Starter<SecurityCheckOptions, SecurityCheckHandle> = concept.start
/** Makes every call of a function a check; see {@link securityCheck}. */
export const wrapSecurityCheck: Wrapper<SecurityCheckOptions> = concept.wrap
