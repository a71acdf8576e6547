import { type Attributes, type Context, context as contextApi, createContextKey } from '@opentelemetry/api'
import { ATTR_AGENTEL_SAMPLING_PRIORITY } from '@agentel/semconv'
import { guard } from './guard.ts'
import { setIdentity } from './identity.ts'
import { isContextOn } from './provider-registry.ts'
import { sharedState } from './shared-state.ts'

const DEBUG = createContextKey('agentel.debug.1')
/** By which such requests are found. */
const TAG = 'debug'
const FIRST: Attributes = Object.freeze({ [ATTR_AGENTEL_SAMPLING_PRIORITY]: 1 })

/**
 * Records all there is of one request: content on its spans and events whatever is configured, its spans whatever is
 * sampled, and the tag `debug` to find them by. Redaction stays what it is. Ends with `fn`; other requests are not
 * touched. Content in other processes goes by their own settings: nobody can switch it on from outside.
 *
 * @param on whether this is such a request; true by default
 * @example
 * await withDebug(() => answer(question), isSupport(user))
 */
export function withDebug<T>(fn: () => T, on = true): T {
  if (!on || !isContextOn()) return fn()
  const outside = contextApi.active()
  const inside = guard('api.debug', () => {
    sharedState().debug = true
    return setIdentity(outside, { tags: [TAG] }).setValue(DEBUG, true)
  })
  return contextApi.with(inside ?? outside, fn)
}

/** Whether all is recorded of the request that this context belongs to. Next to nothing, unless somebody has used it. */
export function isDebug(context?: Context): boolean {
  return sharedState().debug === true && (context ?? contextApi.active()).getValue(DEBUG) === true
}

/** What keeps a span of such a request from being left out. */
export function debugAttributes(context: Context): Attributes | undefined {
  return isDebug(context) ? FIRST : undefined
}
