import { ATTR_AGENTEL_RESPONSE_TYPE, ATTR_AGENTEL_RESPONSE_VALID } from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'

/** The check of a structured output. */
export interface ResponseOptions extends SpanOptions {
  /** What it should be: `invoice`. */
  readonly type: string
}

/** A check under way. */
export interface ResponseHandle extends Handle {
  /** Whether the response fits. Without it: yes when the callback ends, no when it throws. */
  valid(isValid: boolean): void
}

const concept = defineConcept<ResponseOptions, Pick<ResponseHandle, 'valid'>>({
  key: 'type',
  describe: ({ type }) => ({ name: `response ${type}`, attributes: { [ATTR_AGENTEL_RESPONSE_TYPE]: type } }),
  begin(operation) {
    let said: boolean | undefined
    return {
      methods: {
        valid: (isValid) => {
          said = isValid
        },
      },
      onEnd: ({ failure }) => operation.set({ [ATTR_AGENTEL_RESPONSE_VALID]: said ?? failure === undefined }),
    }
  },
})

/**
 * A structured output is checked: span `response {type}`.
 *
 * @example
 * const invoice = response('invoice', () => schema.parse(JSON.parse(text)))
 */
export const response: Runner<ResponseOptions, ResponseHandle> = concept.run
/** Starts a check by hand; see {@link response}. */
export const startResponse: Starter<ResponseOptions, ResponseHandle> = concept.start
/** Makes every call of a function a check; see {@link response}. */
export const wrapResponse: Wrapper<ResponseOptions> = concept.wrap
