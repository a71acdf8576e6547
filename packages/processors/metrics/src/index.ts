export type { Instruments, MetricsEnricher, MetricsEnricherOptions } from './metrics-enricher.ts'
export { metricsEnricher } from './metrics-enricher.ts'
export type {
  DistributionValue,
  MetricLike,
  CollectedMetrics,
  MetricProducerLike,
  PointLike,
  Temporality,
} from './metric-producer.ts'
export { taskEnricher } from './task-enricher.ts'
