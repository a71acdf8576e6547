import { guard } from '@agentel/api'
import type { CollectedMetrics, MetricProducerLike, Temporality } from '@agentel/processor-metrics'
import { agentelPlugs, type AgentelPlugs, type PlugOptions } from './agentel-plugs.ts'

/** A producer of one reader, made when there is something to produce. */
interface DeferredProducer {
  options: { temporality?: Temporality }
  made?: MetricProducerLike
}

/** Whether the options name something that may turn out to be wrong, and must then stop the start. */
function mayBeRefused({ cost, budgets, redaction, anomaly }: PlugOptions): boolean {
  const hashes = redaction !== undefined && redaction !== false && redaction.mode === 'hash'
  const remembers = anomaly !== undefined && anomaly !== false && anomaly.stateFile !== undefined
  return cost?.prices !== undefined || budgets !== undefined || hashes || remembers
}

const nothing = (): CollectedMetrics => ({ resource: undefined, scopeMetrics: [] })

/**
 * Our processors, loaded when the first span starts or the first log record comes. They are a third of what a start
 * would load (10 ms of CPU), and most processes under NODE_OPTIONS (npm, build tools) never make a span.
 *
 * @throws what the processors throw for wrong options: those that can be wrong are loaded at once
 */
export function deferredPlugs(options: PlugOptions): AgentelPlugs {
  const producers: DeferredProducer[] = []
  let plugs: AgentelPlugs | undefined
  const load = (): AgentelPlugs => {
    if (plugs) return plugs
    plugs = agentelPlugs(options)
    // Before the first span reaches the metrics: they decide then whether anybody will collect from them.
    for (const producer of producers) producer.made = plugs.metricProducer(producer.options)
    return plugs
  }
  if (mayBeRefused(options)) load()
  const loaded = () => guard('sdk.plugs', load)
  return {
    spanProcessor: {
      onStart: (span, context) => loaded()?.spanProcessor.onStart(span, context),
      onEnding: (span) => plugs?.spanProcessor.onEnding(span),
      onEnd: (span) => plugs?.spanProcessor.onEnd(span),
      forceFlush: async () => plugs?.spanProcessor.forceFlush(),
      shutdown: async () => plugs?.spanProcessor.shutdown(),
    },
    logRecordProcessor: {
      onEmit: (record, context) => loaded()?.logRecordProcessor.onEmit(record, context),
      forceFlush: async () => plugs?.logRecordProcessor.forceFlush(),
      shutdown: async () => plugs?.logRecordProcessor.shutdown(),
    },
    // Budgets can be wrong, so where there are any they are loaded.
    checkBudget: (spender) => plugs?.checkBudget(spender) ?? { allowed: true, budgets: [] },
    endSession: (sessionId) => plugs?.endSession(sessionId) ?? false,
    endSessions: () => plugs?.endSessions(),
    health: () => loaded()?.health(),
    metricProducer(producerOptions = {}) {
      const producer: DeferredProducer = { options: producerOptions }
      if (plugs) producer.made = plugs.metricProducer(producerOptions)
      producers.push(producer)
      const collectNow = (): CollectedMetrics => producer.made?.collectNow() ?? nothing()
      return { collectNow, collect: () => Promise.resolve({ resourceMetrics: collectNow(), errors: [] }) }
    },
  }
}
