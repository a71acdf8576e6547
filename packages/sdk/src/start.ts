import { isMainThread } from 'node:worker_threads'
import { diag, DiagConsoleLogger, DiagLogLevel, type TextMapPropagator } from '@opentelemetry/api'
import { CompositePropagator } from '@opentelemetry/core'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { catchUpSpans, configureContent, identityPropagator } from '@agentel/api'
import { type Agentel, attached, disabled } from './agentel-handle.ts'
import type { AgentelPlugs, PlugOptions } from './agentel-plugs.ts'
import { deferredPlugs } from './deferred-plugs.ts'
import { bounded, metricsLast } from './bounded.ts'
import { anomalyOf } from './config-anomaly.ts'
import { redactionOf } from './config-redaction.ts'
import { auditOf } from './config-audit.ts'
import { watchOf } from './config-health.ts'
import { createExportCounts, type ExportCounts } from './export-counts.ts'
import { flushOnExit } from './exit-flush.ts'
import type { AgentelConfig, ConfigOptions } from './generated/config-fields.ts'
import { hostHasTracerProvider, leaveLogsToHost, registerGlobally, unregisterGlobally } from './global-registration.ts'
import { startInstrumentations, type Instrumentations } from './instrumentations.ts'
import { isDisabled } from './otel-environment.ts'
import { logProcessorsOf } from './log-processors.ts'
import { withLines } from './observe-loggers.ts'
import { observeResources } from './observe-resources.ts'
import { buildPropagator } from './propagators.ts'
import { buildProviders, type Providers } from './providers.ts'
import { buildResource } from './resource.ts'
import type { ProcessAlerts } from './process-alerts.ts'
import type { ProcessHealth } from './process-health.ts'
import { requireSibling } from './require-sibling.ts'
import { redactedMetrics } from './redacted-metrics.ts'
import { redactedBaggage } from './redacted-baggage.ts'
import { resolveSettings, type Settings } from './settings.ts'
import { type SlowDetectorOptions, type SlowDetectors, slowDetectorsOf } from './slow-detectors.ts'
import { buildSampling, type SpanSampling } from './span-sampling.ts'
import { allUnsent, createUnsent, type Unsent } from './unsent.ts'
import { yieldToHost } from './yield-to-host.ts'

/** Options of {@link startAgentel}: plain data as in docs/configuration.md, and parts that only code can give. */
export interface StartOptions extends ConfigOptions, Pick<PlugOptions, 'enrichers'>, SlowDetectorOptions {}

/** The start of this process (thread), whichever copy of this package made it. */
const KEY = Symbol.for('agentel.sdk.1')
const current = globalThis as { [KEY]?: Agentel }
const forget = (): void => void delete current[KEY]

function budgetsOf({ file, store, server }: AgentelConfig['budgets']): PlugOptions['budgets'] {
  if (file === undefined) return undefined
  return { list: file, ...(store === undefined ? {} : { file: store }), ...(server === undefined ? {} : { server }) }
}

/** The alerts of this process; of its main thread only, or each thread would tell. @throws StartError */
function alertsOf(config: AgentelConfig): ProcessAlerts | undefined {
  if (!config.alerts.enabled || !isMainThread) return undefined
  return requireSibling<typeof import('./process-alerts.ts')>('process-alerts').prepareAlerts(config)
}

/** The endpoints of this process's health, where a port is named; of its main thread only. @throws StartError */
function healthOf(settings: Settings): ProcessHealth | undefined {
  const { enabled, port } = settings.config.health
  if (!enabled || port === undefined || !isMainThread) return undefined
  return requireSibling<typeof import('./process-health.ts')>('process-health').prepareHealth(settings, process.env)
}

function plugsOf(config: AgentelConfig, enrichers: StartOptions['enrichers']): AgentelPlugs {
  const budgets = budgetsOf(config.budgets)
  const { profile, maxRows, sessionIdleSeconds, maxSessions } = config.metrics
  return deferredPlugs({
    // The application's own may ask for a context of its own, which is the call's only while it is under way.
    lateSpans: enrichers === undefined,
    cost: config.cost,
    ...(budgets === undefined ? {} : { budgets }),
    metrics: { profile, maxRows, sessionIdleTimeout: sessionIdleSeconds, maxSessions },
    reconcile: config.reconcile.enabled && { content: config.reconcile.content },
    redaction: redactionOf(config.redaction),
    anomaly: anomalyOf(config.anomaly),
    health: watchOf(config.health),
    ...auditOf(config.audit),
    ...(enrichers === undefined ? {} : { enrichers }),
  })
}

function propagatorOf({ otel, config }: Settings): TextMapPropagator | undefined {
  const propagator = buildPropagator(otel.propagators)
  if (!propagator) return undefined
  const { allowHosts, accept } = config.identity
  // Last, for it takes the identity out of what W3C's own baggage propagator has read.
  const all = new CompositePropagator({ propagators: [propagator, identityPropagator({ allow: allowHosts, accept })] })
  const redaction = redactionOf(config.redaction)
  return redaction === false ? all : redactedBaggage(all, redaction)
}

function providersOf(
  { otel, views, config }: Settings,
  plugs: AgentelPlugs,
  counts: ExportCounts,
  unsent: Unsent,
  sampling: SpanSampling,
  detectors: SlowDetectors,
  alerts: ProcessAlerts | undefined,
): Providers {
  return buildProviders({
    settings: otel,
    views,
    resource: buildResource(otel.resource),
    sampling,
    counts,
    unsent,
    detectors,
    spanProcessors: [plugs.spanProcessor],
    logProcessors: logProcessorsOf(plugs.logRecordProcessor, config.logging),
    metricProducers: (temporality) => [plugs.metricProducer({ temporality })],
    mayListen: isMainThread,
    redactMetrics: redactedMetrics(redactionOf(config.redaction)),
    feeds: alerts === undefined ? [] : [alerts],
  })
}

const lastSend = () => requireSibling<typeof import('./last-send.ts')>('last-send')

function started(parts: {
  providers: Providers
  counts: ExportCounts
  unsent: Unsent
  instrumentations: Instrumentations
  config: AgentelConfig
  sampling: SpanSampling
  detectors: SlowDetectors
  plugs: AgentelPlugs
  alerts: ReturnType<ProcessAlerts['start']> | undefined
  health: ProcessHealth | undefined
}): Agentel {
  const { providers, counts, unsent, instrumentations, config, sampling, plugs } = parts
  const { timeoutMs, exitTimeoutMs } = config.shutdown
  const { tracer, logger, meter } = providers
  const failures = () => Object.values(counts).reduce((sum, { failed }) => sum + failed, 0)
  // A metric reader keeps a failed export to itself, so the counts are asked too.
  const complete = async (work: Promise<void>[]): Promise<boolean> => {
    const before = failures()
    return (await bounded(work, timeoutMs)) && failures() === before
  }
  const inOrder = (rest: Promise<void>[], metrics: () => Promise<void>): Promise<boolean> =>
    complete([instrumentations.flush(), ...rest, metricsLast(rest, metrics, timeoutMs)])
  const forceFlush = () => inOrder([tracer.forceFlush(), logger.forceFlush()], () => meter.forceFlush())
  const decideLast = () => {
    catchUpSpans()
    sampling.decideAll()
    plugs.endSessions()
  }
  const lastFlush = () => {
    decideLast()
    return forceFlush()
  }
  const flushNow = (): void => {
    if (exitTimeoutMs === 0) return
    decideLast()
    unsent.ending = true
    const metrics = providers.drain()
    const batches = [...allUnsent(unsent).map(parts.detectors.unasked), ...metrics]
    const lost = batches.length === 0 ? 0 : lastSend().sendNow(batches, exitTimeoutMs)
    if (lost > 0) diag.warn(`agentel: the process was ended, and ${lost} of ${batches.length} batches were not sent`)
  }
  const activity = () => {
    catchUpSpans()
    return providers.activity()
  }
  const undo = [
    observeResources(providers.meter, config.hostMetrics, () => withLines(sampling.losses())),
    config.shutdown.flushOnExit ? flushOnExit(lastFlush, activity, flushNow) : () => {},
    yieldToHost((provider) => {
      leaveLogsToHost()
      for (const one of instrumentations.all) one.setTracerProvider(provider)
    }),
    instrumentations.disable,
  ]
  const monitor = parts.health === undefined ? undefined : plugs.health()
  const endpoints = monitor && parts.health?.start(monitor)
  const end = async (): Promise<boolean> => {
    monitor?.setReady(false, 'ending')
    await parts.alerts?.close()
    const sent = await inOrder([tracer.shutdown(), logger.shutdown()], () => meter.shutdown())
    await endpoints?.close()
    undo.forEach((one) => one())
    unregisterGlobally(providers)
    forget()
    return sent
  }
  let ending: Promise<boolean> | undefined
  return {
    mode: 'started',
    forceFlush,
    shutdown: () => (ending ??= end()),
    checkBudget: (spender) => plugs.checkBudget(spender),
    endSession: (sessionId) => plugs.endSession(sessionId),
    health: () => plugs.health(),
    exports: () => structuredClone(counts),
    hooks: instrumentations.reports,
  }
}

function start(options: StartOptions): Agentel {
  const { enrichers, slowDetectors, ...data } = options
  if (isDisabled(process.env)) return disabled()
  const settings = resolveSettings(data, process.env)
  const { config, otel } = settings
  if (config.disabled || otel.disabled) return disabled()
  if (otel.logLevel) diag.setLogger(new DiagConsoleLogger(), DiagLogLevel[otel.logLevel])
  const { capture, folder: _folder, ...content } = config.content
  configureContent(capture === undefined ? content : { capture, ...content })
  if (hostHasTracerProvider()) return attached(startInstrumentations(config), forget)

  const counts = createExportCounts()
  const unsent = createUnsent()
  const propagator = propagatorOf(settings)
  const sampling = buildSampling(otel.sampler, config.sampling)
  const plugs = plugsOf(config, enrichers)
  const alerts = alertsOf(config)
  const health = healthOf(settings)
  const detectors = slowDetectorsOf(config.redaction, slowDetectors)
  const providers = providersOf(settings, plugs, counts, unsent, sampling, detectors, alerts)
  registerGlobally(providers, new AsyncLocalStorageContextManager(), propagator)
  // After the registration: an instrumentation takes its tracer when it is made.
  const instrumentations = startInstrumentations(config)
  return started({
    providers,
    counts,
    unsent,
    instrumentations,
    config,
    sampling,
    detectors,
    plugs,
    health,
    alerts: alerts?.start(),
  })
}

/**
 * Sets all of agentel up for this process: providers, exporters, processors, instrumentations, flush at the end.
 * Synchronous, so that the next line is already observed. Call it before the model SDKs are loaded, or use
 * `node --import @agentel/sdk/register`. A second call gives the first one's result.
 *
 * @throws {StartError} when an option or a variable is wrong; nothing is hooked then
 * @example
 * const agentel = startAgentel({ serviceName: 'research-desk' })
 * // …
 * await agentel.shutdown()
 */
export function startAgentel(options: StartOptions = {}): Agentel {
  const running = current[KEY]
  if (running) {
    diag.warn('agentel: started already, by --import or an earlier call; these options have no effect')
    return running
  }
  const agentel = start(options)
  if (agentel.mode !== 'disabled') current[KEY] = agentel
  return agentel
}
