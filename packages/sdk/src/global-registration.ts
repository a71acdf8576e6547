import * as api from '@opentelemetry/api'
import type { ContextManager, TextMapPropagator } from '@opentelemetry/api'
import type { Providers } from './providers.ts'

/** Where api-logs 0.x keeps the provider: hosts of the SDK 2 line look there. */
const LEGACY_LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs')
const LEGACY_LOGS_VERSION = 1

interface GlobalLogs {
  [LEGACY_LOGS_KEY]?: (version: number) => unknown
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
  // `logs` is missing in api 1.9.
  if ('logs' in api) api.logs.setGlobalLoggerProvider(providers.logger)
  const legacy = globalThis as GlobalLogs
  legacy[LEGACY_LOGS_KEY] ??= (version) => (version === LEGACY_LOGS_VERSION ? providers.logger : undefined)
}

/** Takes them away again: after `shutdown`, and between tests. */
export function unregisterGlobally(): void {
  api.trace.disable()
  api.metrics.disable()
  api.context.disable()
  api.propagation.disable()
  if ('logs' in api) api.logs.disable()
  delete (globalThis as GlobalLogs)[LEGACY_LOGS_KEY]
}
