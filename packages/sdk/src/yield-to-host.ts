import * as api from '@opentelemetry/api'
import type { TracerProvider } from '@opentelemetry/api'

/** A global setter of the api, the way to clear what is registered, and the object that holds both. */
interface Slot {
  holder: { disable(): void }
  setter: string
}

function slots(): Slot[] {
  const found: Slot[] = [
    { holder: api.trace, setter: 'setGlobalTracerProvider' },
    { holder: api.metrics, setter: 'setGlobalMeterProvider' },
    { holder: api.propagation, setter: 'setGlobalPropagator' },
  ]
  // `logs` is missing in api 1.9.
  if ('logs' in api) found.push({ holder: api.logs, setter: 'setGlobalLoggerProvider' })
  return found
}

/**
 * Lets an application that sets OpenTelemetry up itself, after us, have its way. Whoever registers first locks all
 * others out, so with `--import` its spans would silently go to our destination instead of its own. Each of the api's
 * global setters is therefore shadowed for one call: that call first clears our registration.
 *
 * @param onTracerProvider called with the application's tracer provider once it is in place
 * @returns takes the shadows away
 */
export function yieldToHost(onTracerProvider: (provider: TracerProvider) => void): () => void {
  const undo = slots().map(({ holder, setter }) => {
    const methods = holder as unknown as Record<string, (provider: object) => unknown>
    const remove = (): void => void delete methods[setter]
    Object.defineProperty(methods, setter, {
      configurable: true,
      enumerable: false,
      value: (provider: object): unknown => {
        remove()
        holder.disable()
        const result = (methods[setter] as (provider: object) => unknown).call(holder, provider)
        if (setter === 'setGlobalTracerProvider') onTracerProvider(provider as TracerProvider)
        return result
      },
    })
    return remove
  })
  return () => undo.forEach((remove) => remove())
}
