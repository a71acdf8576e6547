import { context, type Span, trace, type Tracer, type TracerProvider } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider as SdkTracerProvider } from '@opentelemetry/sdk-trace'

/** Methods of an OpenTelemetry SDK that can be made to throw. */
export const hostileMethods = [
  'tracer.startSpan',
  'span.setAttributes',
  'span.setStatus',
  'span.addEvent',
  'span.isRecording',
  'span.end',
] as const

/** One of {@link hostileMethods}. */
export type HostileMethod = (typeof hostileMethods)[number]

/** Registers an SDK that works but for one method, which throws whenever it is called. */
export function registerHostileTelemetry(method: HostileMethod): { shutdown(): Promise<void> } {
  const sdk = new SdkTracerProvider({ spanProcessors: [] })
  const [where, name] = method.split('.') as ['tracer' | 'span', string]
  const fail = (): never => {
    throw new Error(`injected fault in ${method}`)
  }
  const breakSpan = (span: Span): Span => (where === 'span' ? Object.assign(span, { [name]: fail }) : span)
  const provider: TracerProvider = {
    getTracer(...args) {
      const tracer: Tracer = sdk.getTracer(...args)
      return {
        startSpan: where === 'tracer' ? fail : (...rest) => breakSpan(tracer.startSpan(...rest)),
        startActiveSpan: fail,
      }
    },
  }
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return {
    async shutdown() {
      trace.disable()
      context.disable()
      await sdk.shutdown()
    },
  }
}
