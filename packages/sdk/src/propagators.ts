import type { TextMapPropagator } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import type { PropagatorName } from './otel-settings.ts'
import { requireSibling } from './require-sibling.ts'

const MAKERS: Record<Exclude<PropagatorName, 'none'>, () => TextMapPropagator> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
  b3: () => {
    const { B3Propagator, B3InjectEncoding } =
      requireSibling<typeof import('./rare-propagators.ts')>('rare-propagators')
    return new B3Propagator({ injectEncoding: B3InjectEncoding.SINGLE_HEADER })
  },
  b3multi: () => {
    const { B3Propagator, B3InjectEncoding } =
      requireSibling<typeof import('./rare-propagators.ts')>('rare-propagators')
    return new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })
  },
}

/** The propagator that `OTEL_PROPAGATORS` names; undefined for `none`. */
export function buildPropagator(names: readonly PropagatorName[]): TextMapPropagator | undefined {
  if (names.includes('none')) return undefined
  const propagators = [...new Set(names)].flatMap((name) => (name === 'none' ? [] : [MAKERS[name]()]))
  return new CompositePropagator({ propagators })
}
