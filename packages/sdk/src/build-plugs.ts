import { anomalyEnricher } from '@agentel/processor-anomaly'
import { costEnricher } from '@agentel/processor-cost'
import { enricherLogProcessor, enricherProcessor, identityEnricher } from '@agentel/processor-kit'
import { metricsEnricher } from '@agentel/processor-metrics'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { redactionEnricher } from '@agentel/processor-redaction'
import type { AgentelPlugs, PlugOptions } from './agentel-plugs.ts'

/** What agentel-plugs.ts gives; apart from it, because it loads every processor. */
export function buildPlugs(options: PlugOptions): AgentelPlugs {
  const metrics = metricsEnricher(options.metrics)
  const redaction = options.redaction === false ? [] : [redactionEnricher(options.redaction)]
  const reconcile = options.reconcile === false ? [] : [reconcileEnricher(options.reconcile)]
  const anomaly = options.anomaly === false ? [] : [anomalyEnricher(options.anomaly)]
  const added = options.enrichers ?? []
  return {
    spanProcessor: enricherProcessor([
      identityEnricher(),
      ...reconcile,
      costEnricher(options.cost),
      ...added,
      ...redaction,
      ...anomaly,
      metrics,
    ]),
    logRecordProcessor: enricherLogProcessor([...added, ...redaction]),
    metricProducer: (producerOptions) => metrics.metricProducer(producerOptions),
  }
}
