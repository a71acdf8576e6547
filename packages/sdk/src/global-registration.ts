import * as api from '@opentelemetry/api'
import type { ContextManager, TextMapPropagator } from '@opentelemetry/api'
import type { Providers } from './providers.ts'

/** Where api-logs 0.x keeps the provider: hosts of the SDK 2 line look there. */
const LEGACY_LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs')
const LEGACY_LOGS_VERSION = 1

interface GlobalLogs {
  [LEGACY_LOGS_KEY]?: (version: number) => unknown
}

function legacyLogs(): GlobalLogs {
  return globalThis as typeof globalThis & GlobalLogs
}

/** Whether the application has set up tracing itself, before us. */
export function hostHasTracerProvider(): boolean {
  const provider = api.trace.getTracerProvider()
  // Nothing registered: the api's proxy, which then has no delegate to ask for a tracer.
  return !(provider instanceof api.ProxyTracerProvider) || provider.getDelegateTracer('agentel') !== undefined
}

/** Makes these the process's own. What the application registered before us stays. */
export function registerGlobally(
  providers: Providers,
  contextManager: ContextManager,
  propagator: TextMapPropagator | undefined,
): void {
  api.context.setGlobalContextManager(contextManager.enable())
  if (propagator) api.propagation.setGlobalPropagator(propagator)
  api.trace.setGlobalTracerProvider(providers.tracer)
  api.metrics.setGlobalMeterProvider(providers.meter)
  // `logs` is missing in api 1.9; there, api-logs' own place is the only one that anybody looks at.
  if ('logs' in api) api.logs.setGlobalLoggerProvider(providers.logger)
  else legacyLogs()[LEGACY_LOGS_KEY] ??= (version) => (version === LEGACY_LOGS_VERSION ? providers.logger : undefined)
}

/** Frees api-logs' own place for an application of the SDK 2 line that sets itself up after us. */
export function leaveLogsToHost(): void {
  if (!('logs' in api)) delete legacyLogs()[LEGACY_LOGS_KEY]
}

/** Takes ours away again; an application's own providers, registered since, stay. */
export function unregisterGlobally({ tracer, meter, logger }: Providers): void {
  const proxy = api.trace.getTracerProvider()
  const delegate = proxy instanceof api.ProxyTracerProvider ? proxy.getDelegate() : proxy
  if (delegate === tracer) {
    api.trace.disable()
    api.context.disable()
    api.propagation.disable()
    leaveLogsToHost()
  }
  if (api.metrics.getMeterProvider() === meter) api.metrics.disable()
  if ('logs' in api && api.logs.getLoggerProvider() === logger) api.logs.disable()
}
