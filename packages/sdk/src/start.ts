import { isMainThread } from 'node:worker_threads'
import { diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { bounded } from './bounded.ts'
import { createExportCounts, type ExportCounts } from './export-counts.ts'
import type { OtlpOptions } from './exporter-table.ts'
import { flushOnExit } from './exit-flush.ts'
import { hostHasTracerProvider, registerGlobally, unregisterGlobally } from './global-registration.ts'
import { readOtelEnvironment } from './otel-environment.ts'
import { buildPropagator } from './propagators.ts'
import { buildProviders } from './providers.ts'
import { buildResource } from './resource.ts'
import { buildSampler } from './sampler-table.ts'

export interface StartOptions {
  /** Name of the service; `OTEL_SERVICE_NAME` otherwise. */
  serviceName?: string
  /** More attributes of the resource. */
  resourceAttributes?: Record<string, string | number | boolean>
  otlp?: OtlpOptions
  /** How long a flush at the end may take, in ms. */
  shutdownTimeoutMs?: number
}

export interface Agentel {
  /** `started`: providers of ours; `attached`: the application has its own; `disabled`: nothing was hooked. */
  readonly mode: 'started' | 'attached' | 'disabled'
  /** Sends what is waiting. Never rejects; resolves in bounded time to whether all of it was sent. */
  forceFlush(): Promise<boolean>
  /** Flushes, then takes away everything that the start did. Never rejects; resolves like `forceFlush`. */
  shutdown(): Promise<boolean>
  /** What became of the batches so far. */
  exports(): ExportCounts
}

function idle(mode: 'attached' | 'disabled'): Agentel {
  const counts = createExportCounts()
  return { mode, forceFlush: async () => true, shutdown: async () => true, exports: () => counts }
}

export function startAgentel(options: StartOptions = {}): Agentel {
  const env = process.env
  const settings = readOtelEnvironment(env)
  if (settings.disabled) return idle('disabled')
  if (settings.logLevel) diag.setLogger(new DiagConsoleLogger(), DiagLogLevel[settings.logLevel])
  if (hostHasTracerProvider()) return idle('attached')
  const counts = createExportCounts()
  const providers = buildProviders({
    settings,
    resource: buildResource(env, {
      ...options.resourceAttributes,
      ...(options.serviceName === undefined ? {} : { 'service.name': options.serviceName }),
    }),
    sampler: buildSampler(settings.sampler),
    otlp: options.otlp ?? {},
    counts,
    spanProcessors: [],
    logProcessors: [],
    metricProducers: [],
    mayListen: isMainThread,
  })
  registerGlobally(providers, new AsyncLocalStorageContextManager(), buildPropagator(settings.propagators))
  const timeoutMs = options.shutdownTimeoutMs ?? 5000
  const all = [providers.tracer, providers.logger, providers.meter]
  const forceFlush = () =>
    bounded(
      all.map((provider) => provider.forceFlush()),
      timeoutMs,
    )
  const removeListeners = flushOnExit(async () => void (await forceFlush()))
  let ending: Promise<boolean> | undefined
  const shutdown = (): Promise<boolean> =>
    (ending ??= (async () => {
      removeListeners()
      const sent = await bounded(
        all.map((provider) => provider.shutdown()),
        timeoutMs,
      )
      unregisterGlobally()
      return sent
    })())
  return { mode: 'started', forceFlush, shutdown, exports: () => counts }
}
