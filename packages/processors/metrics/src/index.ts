export type { Instruments, MetricsEnricher, MetricsEnricherOptions } from './metrics-enricher.ts'
export { metricsEnricher } from './metrics-enricher.ts'
export type { DistributionValue, MetricLike, MetricProducerLike, PointLike, Temporality } from './metric-producer.ts'
