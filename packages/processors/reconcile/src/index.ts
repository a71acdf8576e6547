export { type ReconcileEnricherOptions, reconcileEnricher } from './reconcile-enricher.ts'
