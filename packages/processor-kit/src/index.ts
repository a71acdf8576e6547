export { type CostPartsLike, getCostParts, setCostParts } from './cost-parts.ts'
export { type EndingSpan, type ReadableSpanLike, type TimedEventLike } from './ending-span.ts'
export { type Enricher, type SpanProcessorLike, enricherProcessor } from './enricher.ts'
export { identityEnricher } from './identity-enricher.ts'
