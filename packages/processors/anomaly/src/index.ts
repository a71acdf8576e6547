export type { AnomalyEnricher, AnomalyEnricherOptions } from './anomaly-enricher.ts'
export { anomalyEnricher } from './anomaly-enricher.ts'
export type { Incident } from '@agentel/detectors'
