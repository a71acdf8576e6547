import type { AnomalyEnricherOptions } from '@agentel/processor-anomaly'
import type { AuditProcessorOptions } from '@agentel/audit'
import type { HealthMonitor, HealthMonitorOptions } from '@agentel/health'
import type { BudgetCheck, BudgetsOptions, CostEnricherOptions, Spender } from '@agentel/processor-cost'
import type { Enricher, LogRecordProcessorLike, SpanProcessorLike } from '@agentel/processor-kit'
import type { MetricProducerLike, MetricsEnricherOptions, Temporality } from '@agentel/processor-metrics'
import type { ReconcileEnricherOptions } from '@agentel/processor-reconcile'
import type { RedactionOptions } from '@agentel/processor-redaction'
import { requireSibling } from './require-sibling.ts'

/** Options of {@link agentelPlugs}. */
export interface PlugOptions {
  cost?: CostEnricherOptions
  /** Budgets over the cost or the tokens of model calls; `list` is the path of a file that has them. */
  budgets?: BudgetsOptions | (Omit<BudgetsOptions, 'budgets'> & { list: string })
  metrics?: MetricsEnricherOptions
  /** `false`: spans in other conventions are left as they are. */
  reconcile?: ReconcileEnricherOptions | false
  /** `false`: nothing is redacted. */
  redaction?: RedactionOptions | false
  /** `false`: nothing is watched. */
  anomaly?: AnomalyEnricherOptions | false
  /** `false`: nobody looks how agents and workers are. */
  health?: HealthMonitorOptions | false
  /** Where the events of agents are audited; without it nowhere. */
  audit?: AuditProcessorOptions
  /**
   * Spans of model calls start and (of those that went well) end at the end of a turn of the event loop, as of when the
   * call started and was over: the application has sent its request, and has its answer, first. Whoever asks for the
   * active span during the call gets it. For set-ups that export in batches, as `startAgentel()` makes them; whoever
   * looks for a span right after its call, as a test with an exporter in memory does, must flush first. What runs at the
   * start and the end of a span then has OpenTelemetry's context of the call, and no other `AsyncLocalStorage`'s. Default
   * `false`.
   */
  lateSpans?: boolean
  /** More enrichers. They run after cost and before redaction and metrics, so that what they add is redacted too. */
  enrichers?: readonly Enricher[]
}

/** What of agentel is put into a set-up, be it ours or the application's. */
export interface AgentelPlugs {
  /** Put it before the exporting processors: it changes spans before they are serialised. */
  readonly spanProcessor: SpanProcessorLike
  /** Redacts log records; put it before the exporting processors. */
  readonly logRecordProcessor: LogRecordProcessorLike
  /**
   * Our metrics for one metric reader: `new PeriodicExportingMetricReader({ exporter, metricProducers: [it] })`. Each
   * reader needs its own. Without any, the metrics go through the global meter provider's instruments, which costs
   * about 15 µs a model call instead of 0.3.
   */
  metricProducer(options?: { temporality?: Temporality }): MetricProducerLike
  /** Whether a call may be made, by the budgets that it would be charged to; always, when there are none. */
  checkBudget(spender?: Spender): BudgetCheck
  /** Ends a session now instead of when it has been idle; false when it is not known. */
  endSession(sessionId: string): boolean
  /** Ends all sessions, so that the next export of metrics tells of them; call it before the process ends. */
  endSessions(): void
  /** How agents, workers and dependencies are: for heartbeats, pings and checks. Undefined when it is switched off. */
  health(): HealthMonitor | undefined
}

/**
 * Our processors for a set-up that exists: everything of ours, in the right order, as ordinary OpenTelemetry parts.
 * They fit SDK 2.x and 3.x.
 *
 * @example
 * const agentel = agentelPlugs()
 * const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [agentel.metricProducer()] })
 * new NodeSDK({ spanProcessors: [agentel.spanProcessor, new BatchSpanProcessor(spans)], metricReader: reader }).start()
 */
export function agentelPlugs(options: PlugOptions = {}): AgentelPlugs {
  return requireSibling<typeof import('./build-plugs.ts')>('build-plugs').buildPlugs(options)
}

/**
 * Our span processor alone, its metrics through the global meter provider: the shortest way into a set-up that exists.
 *
 * @example
 * new NodeSDK({ spanProcessors: [agentelSpanProcessor(), new BatchSpanProcessor(exporter)] }).start()
 */
export function agentelSpanProcessor(options: PlugOptions = {}): SpanProcessorLike {
  return agentelPlugs(options).spanProcessor
}
