import { isMainThread } from 'node:worker_threads'
import { diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { alwaysRecord } from '@agentel/sampler'
import type { Sampler } from '@opentelemetry/sdk-trace'
import { bounded } from './bounded.ts'
import { readConfig } from './config-reader.ts'
import { createExportCounts, type ExportCounts } from './export-counts.ts'
import { flushOnExit } from './exit-flush.ts'
import type { AgentelConfig, ConfigOptions } from './generated/config-fields.ts'
import { hostHasTracerProvider, leaveLogsToHost, registerGlobally, unregisterGlobally } from './global-registration.ts'
import { isDisabled, readOtelEnvironment, type OtelSettings } from './otel-environment.ts'
import { agentelPlugs, type PlugOptions } from './plugs.ts'
import { withConfig } from './apply-config.ts'
import { buildPropagator } from './propagators.ts'
import { buildProviders, type Providers } from './providers.ts'
import { buildResource } from './resource.ts'
import { buildSampler } from './sampler-table.ts'
import { yieldToHost } from './yield-to-host.ts'

/** Options of {@link startAgentel}: plain data as in docs/configuration.md, and parts that only code can give. */
export interface StartOptions extends ConfigOptions, PlugOptions {}

/** What a start gives. */
export interface Agentel {
  /**
   * `started`: the providers are ours; `attached`: the application has set OpenTelemetry up before, its providers are
   * used; `disabled`: nothing was hooked.
   */
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

function resourceOf(config: AgentelConfig) {
  const name = config.serviceName === undefined ? {} : { 'service.name': config.serviceName }
  return buildResource(process.env, { ...config.resourceAttributes, ...name })
}

function samplerOf(settings: OtelSettings, config: AgentelConfig): Sampler {
  const sampler = buildSampler(settings.sampler)
  return config.sampling.exactMetrics ? alwaysRecord(sampler) : sampler
}

function running(providers: Providers, counts: ExportCounts, config: AgentelConfig): Agentel {
  const { timeoutMs, flushOnExit: flushes } = config.shutdown
  const all = [providers.tracer, providers.logger, providers.meter]
  const forceFlush = () =>
    bounded(
      all.map((provider) => provider.forceFlush()),
      timeoutMs,
    )
  const removeListeners = flushes ? flushOnExit(forceFlush, providers.activity) : () => {}
  const removeShadows = yieldToHost(leaveLogsToHost)
  const end = async (): Promise<boolean> => {
    removeListeners()
    removeShadows()
    const sent = await bounded(
      all.map((provider) => provider.shutdown()),
      timeoutMs,
    )
    unregisterGlobally(providers)
    return sent
  }
  let ending: Promise<boolean> | undefined
  return { mode: 'started', forceFlush, shutdown: () => (ending ??= end()), exports: () => structuredClone(counts) }
}

/**
 * Sets all of agentel up for this process: providers, exporters, processors, instrumentations, flush at the end.
 * Synchronous, so that the next line is already observed. Call it before the model SDKs are loaded, or use
 * `node --import @agentel/sdk/register`.
 *
 * @throws {StartError} when an option or a variable is wrong; nothing is hooked then
 * @example
 * const agentel = startAgentel({ serviceName: 'research-desk' })
 * // …
 * await agentel.shutdown()
 */
export function startAgentel(options: StartOptions = {}): Agentel {
  const { enrichers, ...data } = options
  if (isDisabled(process.env)) return idle('disabled')
  const config = readConfig({ options: data, env: process.env })
  if (config.disabled) return idle('disabled')
  const settings = withConfig(readOtelEnvironment(process.env), config)
  if (settings.logLevel) diag.setLogger(new DiagConsoleLogger(), DiagLogLevel[settings.logLevel])
  if (hostHasTracerProvider()) return idle('attached')
  const counts = createExportCounts()
  const plugs = agentelPlugs(enrichers === undefined ? {} : { enrichers })
  const providers = buildProviders({
    settings,
    resource: resourceOf(config),
    sampler: samplerOf(settings, config),
    otlp: {
      ...(config.otlp.endpoint === undefined ? {} : { endpoint: config.otlp.endpoint }),
      ...(config.otlp.headers === undefined ? {} : { headers: config.otlp.headers }),
      ...(config.otlp.timeoutMs === undefined ? {} : { timeoutMillis: config.otlp.timeoutMs }),
    },
    counts,
    spanProcessors: [plugs.spanProcessor],
    logProcessors: [],
    metricProducers: [],
    mayListen: isMainThread,
  })
  registerGlobally(providers, new AsyncLocalStorageContextManager(), buildPropagator(settings.propagators))
  return running(providers, counts, config)
}
