import { catchUpSpans, mayBeLate } from '@agentel/api'
import { anomalyEnricher } from '@agentel/processor-anomaly'
import { type Budgets, costEnricher, createBudgets, readBudgetFile } from '@agentel/processor-cost'
import { createHealthMonitor } from '@agentel/health'
import { type Enricher, enricherLogProcessor, enricherProcessor, identityEnricher } from '@agentel/processor-kit'
import { metricsEnricher, taskEnricher } from '@agentel/processor-metrics'
import { reconcileEnricher } from '@agentel/processor-reconcile'
import { redactionEnricher } from '@agentel/processor-redaction'
import type { AgentelPlugs, PlugOptions } from './agentel-plugs.ts'
import { requireSibling } from './require-sibling.ts'

function budgetsOf(options: PlugOptions['budgets']): Budgets | undefined {
  if (options === undefined) return undefined
  return createBudgets('list' in options ? { ...options, budgets: readBudgetFile(options.list) } : options)
}

function auditOf(options: PlugOptions['audit']): Enricher[] {
  if (options === undefined) return []
  return [requireSibling<typeof import('./audit-plug.ts')>('audit-plug').auditPlug(options)]
}

/** Calls end before what they were made in; a flush and the end of the set-up wait for none. */
function lateSpansEnricher(): Enricher {
  let over = false
  return {
    name: 'lateSpans',
    onStart(span) {
      if (!over) mayBeLate(span)
    },
    onEnding: catchUpSpans,
    forceFlush: async () => catchUpSpans(),
    async shutdown() {
      over = true
      catchUpSpans()
    },
  }
}

/** What agentel-plugs.ts gives; apart from it, because it loads every processor. */
export function buildPlugs(options: PlugOptions): AgentelPlugs {
  const metrics = metricsEnricher(options.metrics)
  const redaction = options.redaction === false ? [] : [redactionEnricher(options.redaction)]
  const reconcile = options.reconcile === false ? [] : [reconcileEnricher(options.reconcile)]
  const anomaly = options.anomaly === false ? [] : [anomalyEnricher(options.anomaly)]
  const budgets = budgetsOf(options.budgets)
  const health = options.health === false ? undefined : createHealthMonitor(options.health)
  const added = options.enrichers ?? []
  return {
    spanProcessor: enricherProcessor([
      ...(options.lateSpans === true ? [lateSpansEnricher()] : []),
      identityEnricher(),
      ...reconcile,
      costEnricher(options.cost),
      taskEnricher(),
      // Before redaction: whose budget it is must be known.
      ...(budgets === undefined ? [] : [budgets.enricher]),
      ...added,
      ...redaction,
      ...anomaly,
      ...(health === undefined ? [] : [health.enricher]),
      metrics,
    ]),
    logRecordProcessor: enricherLogProcessor([...added, ...redaction, ...auditOf(options.audit)]),
    metricProducer: (producerOptions) => metrics.metricProducer(producerOptions),
    checkBudget: (spender) => budgets?.checkBudget(spender) ?? { allowed: true, budgets: [] },
    endSession: (sessionId) => metrics.endSession(sessionId),
    endSessions: () => metrics.endSessions(),
    health: () => health,
  }
}
