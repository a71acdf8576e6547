export { type CostPartsLike, getCostParts, setCostParts } from './cost-parts.ts'
export type { EndingSpan, ReadableSpanLike, TimedEventLike } from './ending-span.ts'
export { type Enricher, type SpanProcessorLike, enricherProcessor } from './enricher.ts'
export { millisecondsOf } from './hr-time.ts'
export { identityEnricher } from './identity-enricher.ts'
export {
  type EditableLogRecord,
  type LogRecordLike,
  type LogRecordProcessorLike,
  enricherLogProcessor,
} from './log-enricher.ts'
